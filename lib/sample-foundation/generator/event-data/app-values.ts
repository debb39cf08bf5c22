import { always, plain, quote, relationship, type Values } from './data-text.ts';
import { manifestOf } from './manifest.ts';
import { pipelineMetadata, taskMetadata } from './tracing.ts';

const HIDDEN = '"[PRIVATE DATA HIDDEN]"';
const hidden = () => HIDDEN;

export const appValues: Values = {
  'request.name': (scene) => quote(scene.app.name),
  'request.relationships': (scene) => relationship('space', scene.space.guid),
  'request.metadata': pipelineMetadata,
  'audit.app.task.create request.metadata': taskMetadata,
  'request.space_guid': (scene) => plain(scene.space.guid),
  'app request.lifecycle': ({ app }) =>
    app.docker
      ? '{"type":"docker","data":{}}'
      : `{"type":"buildpack","data":{"buildpacks":["${app.buildpack.name}"],"stack":"cflinuxfs4"}}`,
  'request.environment_variables': hidden,
  'request.environment_json': hidden,
  'request.docker_credentials': hidden,
  'request.command': hidden,
  'request.buildpack': always('https://***:***@git.example.org/buildpacks/java-buildpack'),
  'request.instances': (scene) => String(scene.state().instances),
  'request.memory': (scene) => String(scene.app.memory_in_mb),
  'request.state': (scene) => (scene.app.started ? '"STARTED"' : '"STOPPED"'),
  manifest_triggered: always(true),
  'request.recursive': always(true),
  delete_triggered: always(true),
  'audit.app.stop reason': always('stopped as part of app deletion'),

  package_guid: (scene) => plain(scene.state().package_guid),
  'audit.app.package.create request.type': (scene) => (scene.app.docker ? '"docker"' : '"bits"'),
  'audit.app.package.create request.relationships': (scene) => relationship('app', scene.app.guid),
  // The password is written even where none was sent: Cloud Controller censors whenever `data` is there.
  'audit.app.package.create request.data': (scene) =>
    scene.app.docker
      ? `{"image":"images.example.org/${scene.app.name.replace(/[^a-z0-9-]/g, 'x')}:1.4.${scene.state().revision_version}","username":"puller","password":"***"}`
      : '{"password":"***"}',
  'request.source_package_guid': (scene) => plain(scene.guid('source_package')),
  build_guid: (scene) => plain(scene.guid('build')),
  droplet_guid: (scene) => plain(scene.state().droplet_guid),
  'request.droplet_guid': (scene) => plain(scene.state().droplet_guid),
  'request.source_droplet_guid': (scene) => plain(scene.guid('source_droplet')),
  buildpacks: (scene) =>
    scene.app.docker
      ? 'null'
      : `[{"name":"${scene.app.buildpack.name}","buildpack_name":"${scene.app.buildpack.detected}","version":"${scene.app.buildpack.version}"}]`,
  error_id: always('BuildpackCompileFailed'),
  error_message: (scene) =>
    quote(
      scene.fact('error_message', (random) =>
        random.pick([
          'Staging error: App staging failed in the buildpack compile phase',
          'Staging error: None of the buildpacks detected a compatible application',
          'Staging error: insufficient resources: not enough disk on any cell',
        ]),
      ),
    ),

  revision_guid: (scene) => plain(scene.state().revision_guid),
  revision_version: (scene) => String(scene.state().revision_version),
  deployment_guid: (scene) => plain(scene.guid('deployment')),
  'audit.app.deployment.create type': (scene) =>
    scene.facts.has('rollback') ? '"rollback"' : 'null',
  'audit.app.deployment.create request.relationships': (scene) =>
    relationship('app', scene.app.guid),
  'audit.app.deployment.create request.droplet': (scene) =>
    `{"guid":"${scene.state().droplet_guid}"}`,
  'audit.app.deployment.create request.revision': (scene) =>
    `{"guid":"${scene.state().revision_guid}","version":${scene.state().revision_version}}`,
  'request.strategy': always('rolling'),
  'audit.app.deployment.create request.options': always({ max_in_flight: 1 }),
  strategy: always('rolling'),
  source_guid: (scene) => plain(scene.guid('source_app')),
  destination_guid: (scene) => plain(scene.app.guid),
  'request.manifest': (scene) => scene.manifest ?? manifestOf(scene),

  task_guid: (scene) => plain(scene.guid('task')),
  'audit.app.task.create request.name': (scene) => quote(scene.fact('task_name', () => 'migrate')),
  'audit.app.task.cancel request.name': (scene) => quote(scene.fact('task_name', () => 'migrate')),
  'request.memory_in_mb': (scene) => String(scene.app.memory_in_mb),

  route_guid: (scene) => plain(scene.route.guid),
  app_port: always(8080),
  route_mapping_guid: (scene) => plain(scene.guid('destination')),
  'audit.app.map-route destination_guid': (scene) => plain(scene.guid('destination')),
  'audit.app.unmap-route destination_guid': (scene) => plain(scene.guid('destination')),
  weight: always(null),
  protocol: always('http1'),
  route_options: always({ loadbalancing: 'least-connection' }),
};
