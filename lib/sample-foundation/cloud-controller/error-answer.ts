import type { ApiError } from '../../cloud-controller-api/api-error.ts';
import { type Answer, jsonAnswer } from '../http/exchange.ts';

export function errorAnswer(error: ApiError): Answer {
  return jsonAnswer(error.status, error.document);
}
