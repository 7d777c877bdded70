/** Names that people read, and what Home Assistant makes entity ids of. */

const LONGEST = 60;

/** Control characters would make Home Assistant refuse the name. */
export function readable(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST)
    .trim();
}

/** `Käthe's Edge` is `kathe_s_edge`. */
export function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
}

/** One part of a unique id or a topic: nothing in it separates parts. */
export const idPart = (text: string): string => text.replaceAll(/[^a-zA-Z0-9-]/g, '-');

export interface Labelled {
  readonly label: string;
  /** What the maker calls it; may be empty, or the same for all. */
  readonly description: string;
}

/**
 * A name for each entity of a device, all different: its label; where several have the same, what the maker calls them; and a
 * number where that does not tell them apart either.
 */
export function distinctNames(entities: readonly Labelled[]): string[] {
  const taken = new Set<string>();
  return entities.map((entity) => {
    const alike = entities.filter(({ label }) => label === entity.label);
    const descriptions = alike.map(({ description }) => readable(description));
    const tells = alike.length > 1 && descriptions.every(slug) && new Set(descriptions.map(slug)).size === alike.length;
    const base = tells ? readable(entity.description) : entity.label;
    let number = 1;
    let name = alike.length === 1 || tells ? base : `${base} ${number}`;
    while (taken.has(slug(name))) {
      number += 1;
      name = `${base} ${number}`;
    }
    taken.add(slug(name));
    return name;
  });
}
