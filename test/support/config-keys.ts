/** `http.port` and the like, of a schema of the configuration, which is also its documentation. */
export function keysOf(schema: object, path: readonly string[] = []): string[] {
  if (!('properties' in schema) || typeof schema.properties !== 'object' || schema.properties === null) {
    return [path.join('.')];
  }
  return Object.entries(schema.properties).flatMap(([key, inner]) => keysOf(inner, [...path, key]));
}
