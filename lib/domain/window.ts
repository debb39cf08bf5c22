import { SECOND_MS, secondText } from './instant.ts';

/** A half-open time range `[from, to)`; both ends lie on whole UTC seconds, the finest step Cloud Controller's filter knows. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

export const windowText = (window: Window): string =>
  `[${secondText(window.from)}, ${secondText(window.to)})`;

const seconds = (window: Window): number =>
  Math.floor((window.to.getTime() - window.from.getTime()) / SECOND_MS);

/**
 * Cut a window into disjoint windows of about equal length that tile it exactly.
 *
 * @param parts - how many at most; fewer when the window has fewer seconds
 */
export function splitWindow(window: Window, parts: number): Window[] {
  const count = Math.max(1, Math.min(parts, seconds(window)));
  const edge = (index: number): Date =>
    index === count
      ? window.to
      : new Date(window.from.getTime() + Math.floor((seconds(window) * index) / count) * SECOND_MS);
  return Array.from({ length: count }, (_, index) => ({
    from: edge(index),
    to: edge(index + 1),
  }));
}

export const isOneSecond = (window: Window): boolean => seconds(window) <= 1;

/** What of a window disjoint windows inside it leave, ascending. */
export function uncoveredWindows(window: Window, covered: readonly Window[]): Window[] {
  const gaps: Window[] = [];
  let from = window.from;
  for (const piece of [...covered].sort((a, b) => a.from.getTime() - b.from.getTime())) {
    if (from < piece.from) gaps.push({ from, to: piece.from });
    if (from < piece.to) from = piece.to;
  }
  if (from < window.to) gaps.push({ from, to: window.to });
  return gaps;
}
