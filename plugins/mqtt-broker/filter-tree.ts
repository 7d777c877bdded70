interface Branch<V> {
  readonly below: Map<string, Branch<V>>;
  readonly values: Map<string, V>;
}

const branch = <V>(): Branch<V> => ({ below: new Map(), values: new Map() });

/** Values by topic filter; finds those whose filter a topic fits without looking at the others. */
export class FilterTree<V> {
  readonly #root: Branch<V> = branch();

  /** @param key tells values of one filter apart */
  set(filter: string, key: string, value: V): void {
    let at = this.#root;
    for (const level of filter.split('/')) {
      let next = at.below.get(level);
      if (!next) {
        next = branch();
        at.below.set(level, next);
      }
      at = next;
    }
    at.values.set(key, value);
  }

  delete(filter: string, key: string): void {
    const path: [Branch<V>, string][] = [];
    let at = this.#root;
    for (const level of filter.split('/')) {
      const next = at.below.get(level);
      if (!next) return;
      path.push([at, level]);
      at = next;
    }
    at.values.delete(key);
    for (const [above, level] of path.reverse()) {
      const last = above.below.get(level);
      if (last && (last.values.size > 0 || last.below.size > 0)) return;
      above.below.delete(level);
    }
  }

  match(topic: string): V[] {
    const levels = topic.split('/');
    const found: V[] = [];
    const visit = (at: Branch<V>, place: number) => {
      // Wildcards at the front do not reach the broker's own topics.
      const isOpen = place > 0 || !topic.startsWith('$');
      if (isOpen) found.push(...(at.below.get('#')?.values.values() ?? []));
      const level = levels[place];
      if (level === undefined) {
        found.push(...at.values.values());
        return;
      }
      for (const name of isOpen ? [level, '+'] : [level]) {
        const next = at.below.get(name);
        if (next) visit(next, place + 1);
      }
    };
    visit(this.#root, 0);
    return found;
  }
}
