/** Something that was looked at, for somebody who wants to know whether it will work here. */
export interface Finding {
  /** `missing`: without it there is less, and the gateway runs. `problem`: something that was asked for will not work. */
  readonly verdict: 'fine' | 'missing' | 'problem';
  /** One line. */
  readonly what: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export const fine = (what: string): Finding => ({ verdict: 'fine', what });
export const missing = (what: string, remedy?: string): Finding => ({
  verdict: 'missing',
  what,
  ...(remedy !== undefined && { remedy }),
});
export const problem = (what: string, remedy?: string): Finding => ({
  verdict: 'problem',
  what,
  ...(remedy !== undefined && { remedy }),
});
