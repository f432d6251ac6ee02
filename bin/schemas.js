#!/usr/bin/env node
// Writes schemas/COMMAND.schema.json from the types of src/documents.ts, docstrings included; `npm pack` runs it, and the
// tests before they look at the first document.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";

const top = fileURLToPath(new URL("..", import.meta.url));

export function writeSchemas() {
	const generator = createGenerator({
		...{ path: `${top}/src/documents.ts`, tsconfig: `${top}/tsconfig.json`, type: "Documents" },
		...{ skipTypeCheck: true, additionalProperties: false, expose: "none", topRef: false },
	});
	const { properties, definitions, $schema } = generator.createSchema("Documents");
	const made = `${top}/schemas.new-${process.pid}`;
	mkdirSync(made);
	for (const [command, schema] of Object.entries(properties)) {
		const document = { $schema, title: `kprep ${command} --json`, ...schema };
		if (definitions !== undefined) document.definitions = definitions;
		const name = `${command.replace(" ", "-")}.schema.json`;
		writeFileSync(`${made}/${name}`, `${JSON.stringify(document, null, "\t")}\n`);
	}
	rmSync(`${top}/schemas`, { recursive: true, force: true });
	renameSync(made, `${top}/schemas`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeSchemas();
