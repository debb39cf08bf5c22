import { always, plain, quote, type Values } from './data-text.ts';

const healthCheck =
  '{"type":"http","data":{"timeout":60,"invocation_timeout":5,"interval":10,"endpoint":"/health"}}';
const readinessCheck =
  '{"type":"http","data":{"invocation_timeout":3,"interval":5,"endpoint":"/ready"}}';

/** Scaling, health checks, and what Diego reports about instances. */
export const processValues: Values = {
  process_guid: (scene) => plain(scene.process.guid),
  process_type: (scene) => plain(scene.process.type),
  process_index: (scene) => String(scene.index),
  'audit.app.process.update request.user': always('vcap'),
  'audit.app.process.update request.type': (scene) => plain(scene.process.type),
  'audit.app.process.update request.metadata': (scene) =>
    `{"labels":{"tier":"${scene.process.type}"},"annotations":{}}`,
  'request.health_check': () => healthCheck,
  'request.readiness_health_check': () => readinessCheck,
  'request.timeout': always(60),
  'request.health_check_type': always('http'),
  'request.health_check_http_endpoint': always('/health'),
  'request.health_check_invocation_timeout': always(5),
  'request.health_check_interval': always(10),
  'request.readiness_health_check_type': always('http'),
  'request.readiness_health_check_http_endpoint': always('/ready'),
  'request.readiness_health_check_invocation_timeout': always(3),
  'request.readiness_health_check_interval': always(5),
  'request.disk_in_mb': (scene) => String(scene.app.memory_in_mb * 2),
  'request.log_rate_limit_in_bytes_per_second': always(-1),

  instance: (scene) => plain(scene.instance().instance),
  index: (scene) => String(scene.index),
  cell_id: (scene) => plain(scene.instance().cell_id),
  reason: (scene) => quote(scene.reason),
  exit_status: (scene) => String(scene.exit_status),
  exit_description: (scene) => quote(scene.exit_description),
  crash_count: (scene) => String(scene.instance().crashes),
  crash_timestamp: (scene) => scene.crash_timestamp,
  version: (scene) => plain(scene.state().version),
  ready: (scene) => String(scene.ready),
};

/** Whole nanoseconds since 1970, 19 digits: more than an IEEE double holds. The database has microseconds; the last three digits are the cell's own. */
export function nanoseconds(micros: number, digits: number): string {
  return `${micros}${String(digits).padStart(3, '0')}`;
}
