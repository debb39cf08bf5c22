import { NO_METADATA, type ResourcePresenter } from './resource.ts';
import { presentTime } from './time.ts';

/** @param showsCommand - otherwise `command` is left out, not masked (CC §7) */
export function taskPresenter(showsCommand: boolean): ResourcePresenter {
  return {
    columns: [
      'guid',
      'created_at',
      'updated_at',
      'sequence_id',
      'name',
      'command',
      'user',
      'state',
      'memory_in_mb',
      'disk_in_mb',
      'failure_reason',
      'droplet_guid',
      'app_guid',
    ],
    present(row, apiUrl) {
      const self = `${apiUrl}/v3/tasks/${row.guid}`;
      return {
        guid: row.guid,
        created_at: presentTime(Number(row.created_at)),
        updated_at: presentTime(Number(row.updated_at)),
        sequence_id: row.sequence_id,
        name: row.name,
        ...(showsCommand ? { command: row.command } : {}),
        user: row.user,
        state: row.state,
        memory_in_mb: row.memory_in_mb,
        disk_in_mb: row.disk_in_mb,
        log_rate_limit_in_bytes_per_second: -1,
        result: { failure_reason: row.failure_reason },
        droplet_guid: row.droplet_guid,
        relationships: { app: { data: { guid: row.app_guid } } },
        metadata: NO_METADATA,
        links: {
          self: { href: self },
          app: { href: `${apiUrl}/v3/apps/${row.app_guid}` },
          cancel: { href: `${self}/actions/cancel`, method: 'POST' },
          droplet: { href: `${apiUrl}/v3/droplets/${row.droplet_guid}` },
        },
      };
    },
  };
}
