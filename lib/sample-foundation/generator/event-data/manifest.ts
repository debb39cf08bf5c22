import type { Scene } from '../scene.ts';

/**
 * The manifest of one app as Cloud Controller stores it: YAML in one string, `env` hidden, everything else as the caller wrote it.
 * Commands, service parameters and image user names are not hidden.
 */
export function manifestOf(scene: Scene): string {
  const { app, space } = scene;
  const services = space.services.map((service) => `  - ${service.name}\n`).join('');
  return `---
applications:
- name: ${yamlText(app.name)}
  buildpacks:
  - ${app.buildpack.name}
  stack: cflinuxfs4
  env: "[PRIVATE DATA HIDDEN]"
  metadata:
    annotations:
      git-commit: ${scene.commit()}
  services:
${services}  routes:
  - route: ${app.route.host}.apps.example.org
  processes:
  - type: web
    memory: ${app.memory_in_mb}M
    instances: ${scene.state().instances}
    health-check-type: http
    health-check-http-endpoint: "/health"
`;
}

const yamlText = (text: string): string =>
  /^[a-z][a-z0-9-]*$/.test(text) ? text : JSON.stringify(text);

/** A manifest of about this many characters, as generators of sidecars and service parameters write them; `🧾` and umlauts included. */
export function bigManifestOf(scene: Scene, length: number): string {
  const lines = [manifestOf(scene), '  sidecars:\n'];
  let size = 0;
  for (let number = 0; size < length; number += 1) {
    const port = 9000 + (scene.random.uint32() % 900);
    const line = `  - name: exporter-${number}\n    process_types: [web]\n    command: "./exporter --listen :${port} --title 'Überwachung 🧾 ${number}' --route /metrics/${number}"\n    memory: 32M\n`;
    size += line.length;
    lines.push(line);
  }
  return lines.join('');
}
