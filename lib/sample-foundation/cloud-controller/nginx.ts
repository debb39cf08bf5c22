import { type Answer, type FoundationRequest, textAnswer } from '../http/exchange.ts';

/** nginx's own default for one line of a request, which Cloud Controller's configuration leaves alone (CC §8). */
const LONGEST_REQUEST_LINE = 8192;

/** What nginx, in front of Cloud Controller, answers by itself: without request id, and not counted by the rate limiter. */
export function answerNginx({ method, path, query }: FoundationRequest): Answer | undefined {
  const line = `${method} ${path}${query === '' ? '' : `?${query}`} HTTP/1.1\r\n`;
  if (line.length > LONGEST_REQUEST_LINE) {
    return nginxPage(414, 'Request-URI Too Large');
  }
  // v2 is switched off here (CC §6).
  if (path.includes('/v2') && path !== '/v2/info') return textAnswer(404, 'V2 endpoints disabled');
  return undefined;
}

/** One of nginx's own error pages. */
export function nginxPage(status: number, title: string): Answer {
  const body = [
    '<html>',
    `<head><title>${status} ${title}</title></head>`,
    '<body>',
    `<center><h1>${status} ${title}</h1></center>`,
    '<hr><center>nginx</center>',
    '</body>',
    '</html>',
    '',
  ].join('\r\n');
  return { status, headers: { 'Content-Type': 'text/html' }, body };
}
