import type { YAMLError } from 'yaml';

/** What a person who does not know the words of the YAML specification can act on. */
const SENTENCES = {
  ALIAS_PROPS: 'a *name stands alone and takes no & or !',
  BAD_ALIAS: 'the name after * or & is not one YAML accepts',
  BAD_COLLECTION_TYPE: 'the ! before this value does not fit it',
  BAD_DIRECTIVE: 'a line that starts with % is not used here',
  BAD_DQ_ESCAPE: 'there is no such escape in double quotes; write \\\\ for a backslash, or use single quotes',
  BAD_INDENT: 'the indentation does not fit the lines above, or a [ or { is not closed',
  BAD_PROP_ORDER: '& and ! belong before the value',
  BAD_SCALAR_START: 'a value that starts with this character needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " or a list in the same line; quote the value or start a new line',
  BLOCK_IN_FLOW: 'inside [ ] and { } values are separated by commas, not by lines and dashes',
  DUPLICATE_KEY: 'this key is written twice',
  IMPOSSIBLE: 'this is not readable',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: 'something is missing: a closing quote, a comma, or the ": " after a key',
  MULTILINE_IMPLICIT_KEY: 'a key has to fit in one line and be followed by ": "',
  MULTIPLE_ANCHORS: 'a value takes one & only',
  MULTIPLE_DOCS: 'a second document begins here; the configuration is one document',
  MULTIPLE_TAGS: 'a value takes one ! only',
  NON_STRING_KEY: 'a key has to be plain text',
  RESOURCE_EXHAUSTION: 'this is nested too deep',
  TAB_AS_INDENT: 'indent with spaces, not with tabs',
  TAG_RESOLVE_FAILED: 'there is no such ! here; quote the value if the ! belongs to it',
  UNEXPECTED_TOKEN: 'this does not belong here; look at the indentation and at what the lines above begin',
} satisfies Record<YAMLError['code'], string>;

/** The library's own sentence is not used: it quotes the file, and what it quotes may be a secret. */
export const syntaxSentence = (error: YAMLError): string => `not YAML: ${SENTENCES[error.code]}`;
