/** This program's version; a test holds it equal to the package's. */
export const VERSION = '0.1.0';

/** How this program names itself in manifests and to servers. */
export const TOOL = `cf-audit-archive/${VERSION}`;
