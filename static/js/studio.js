// The criteria studio: every field of a draft saves itself, in order, and says so beside itself.
//
// What other modules and templates of the studio rely on (docs/adr/0006-drafts-are-edited-in-place.md):
//
// Fields. A control with
//   data-path="scorecards/company/dimensions/finances/weight"   the place it edits, by names
//   data-was='4000'                                             the JSON it was rendered from; absent: nothing there
//   data-kind="number|points|percent|text|choice|flag|json"     how its value becomes JSON (see `read`)
// and, where needed,
//   data-scale="100"      a number is shown times so much (0.62 as 62); `percent` is a scale of its own: 4000 as 40
//   data-also="a/b c/d"   further places that always hold the same value, edited in the same group
//   data-empty="remove"   an empty control takes the place out of the document instead of being refused
// is saved 250 ms after typing stops, at once on change. A `flag` is true or taken out. Text that is no number stays
// in the field with a word beside it, and nothing is sent. Controls that mirror another one (a slider beside a number)
// have data-mirrors="id of the field" and no path of their own.
//
// Buttons. data-edit='[{"op": "set", "path": …, "was": …, "value": …}]' sends these edits when pressed. data-act='{"act":
// "even", "path": …}' sends a recipe that the server turns into edits (tiering/pages/studio_recipes.py). data-confirm
// on either asks first. data-focus="id" names what has the focus once the section is shown anew.
//
// Other modules. dispatch `strata:edit` on any element with detail {edits, act, section, focus}: edits are queued behind
// what is being typed. `section` (or the closest [data-section] of a button) is fetched anew when that is answered.
// `strata:edited` fires on body after every answer that changed the draft, detail {revision}. `strata:rendered` fires on
// an element that was fetched anew, to set up what it holds.
//
// Sections. An element with data-section="gates" is replaced by the one that GET ?section=gates answers. Open
// <details id> stay open, the focus returns to the element with the same id.
//
// Places of notes. A refusal at an address stands in the [data-note-of="address"] of the page, or after the field with
// that data-path, or at the top of the closest [data-address] at or above it.
//
// Answers (tiering/views/studio.py): {revision, saved_at, may_undo, may_redo, refusals: [{address, text, fix}], others:
// [{path, value, by, at}], derived: {element id: {text, state}}, sections: [names to fetch anew]}. 409 carries
// {conflicts: [{path, value, by, at, told}]}, 422 {faults: [{path, text, fix}]}: of both nothing was saved.
