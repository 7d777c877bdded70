/**
 * Cases that the community switched off in all of its lists, so that nobody vouches for their bytes (facts: conformance-format,
 * §7). A failure of theirs is told and not counted.
 */
export const DOUBTS: ReadonlyMap<string, string> = new Map([
  ['test_cowgirl_cone_protocol', 'its bytes fit no range of levels (facts: protocols/cowgirl-cone, doubts)'],
  ['test_fredorch_protocol', 'its bytes are of an older scale (facts: protocols/fredorch, doubts)'],
  ['test_honeyplaybox_protocol', 'it wants a stop in two frames (facts: protocols/honeyplaybox, doubts)'],
  ['test_jejoue_protocol', 'it was never run'],
  ['test_magic_motion_2_eidolon', 'it is switched off without a reason'],
]);
