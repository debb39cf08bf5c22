import { hexadecimal } from '../guids.ts';
import type { Scene } from '../scene.ts';
import type { App } from '../world.ts';
import { traceparent } from './tracing.ts';

/**
 * The manifest of one app as Cloud Controller stores it, as JSON text: YAML in one string, `env` hidden, everything else as the caller wrote it.
 * Commands, service parameters and image user names are not hidden.
 */
export function manifestOf(scene: Scene): string {
  const template = templateOf(scene.app);
  let text = template[0] ?? '';
  for (let index = 1; index < template.length; index += 2) {
    text += blank(template[index] as Blank, scene);
    text += template[index + 1];
  }
  return text;
}

type Blank = 'commit' | 'sha256' | 'token' | 'trace' | 'build' | 'instances';

function blank(what: Blank, scene: Scene): string {
  switch (what) {
    case 'commit':
      return scene.commit();
    case 'sha256':
      return hexadecimal(scene.random, 64);
    case 'token':
      return hexadecimal(scene.random, 32);
    case 'trace':
      return traceparent(scene);
    case 'build':
      return String(scene.state().revision_version);
    case 'instances':
      return String(scene.state().instances);
  }
}

const templates = new WeakMap<App, string[]>();

/** Literal JSON text at even places, names of blanks between: what differs from one manifest of an app to the next is filled in. */
function templateOf(app: App): string[] {
  let template = templates.get(app);
  if (template === undefined) {
    template = JSON.stringify(yamlOf(app)).split(/«(\w+)»/);
    templates.set(app, template);
  }
  return template;
}

const yamlOf = (app: App): string => `---
applications:
- name: ${yamlText(app.name)}
  buildpacks:
  - ${app.buildpack.name}
  stack: cflinuxfs4
  env: "[PRIVATE DATA HIDDEN]"
  metadata:
    annotations:
      git-commit: «commit»
      config-checksum: sha256:«sha256»
      traceparent: «trace»
      pipeline: https://ci.example.org/${app.route.host}/«build»
  services:
${app.space.services.map(({ name }) => `  - name: ${name}\n    parameters:\n      access-token: «token»\n`).join('')}  routes:
  - route: ${app.route.host}.apps.example.org
  sidecars:
  - name: telemetry-agent
    command: "./agent --config-digest sha256:«sha256»"
    memory: 64M
  processes:
  - type: web
    memory: ${app.memory_in_mb}M
    instances: «instances»
`;

const yamlText = (text: string): string =>
  /^[a-z][a-z0-9-]*$/.test(text) ? text : JSON.stringify(text);

/** A manifest with at least this many characters of sidecars, as generators write them; `🧾` and umlauts included. */
export function bigManifestOf(scene: Scene, length: number): string {
  const lines: string[] = ['  sidecars:\n'];
  let size = 0;
  for (let number = 0; size < length; number += 1) {
    const port = scene.random.integer(9000, 9899);
    const line = `  - name: exporter-${number}\n    process_types: [web]\n    command: "./exporter --listen :${port} --title 'Überwachung 🧾 ${number}'"\n    memory: 32M\n`;
    size += line.length;
    lines.push(line);
  }
  return manifestOf(scene).slice(0, -1) + JSON.stringify(lines.join('')).slice(1);
}
