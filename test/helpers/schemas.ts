import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv, type ValidateFunction } from "ajv";

const top = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(top, "schemas");

/** Makes the schemas when the sources are newer; for the set-up of a test run. */
export async function freshSchemas(newest: number): Promise<void> {
	const made = statSync(join(folder, "verify.schema.json"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
	if (made > newest) return;
	const { writeSchemas } = (await import(join(top, "bin/schemas.js"))) as { writeSchemas(): void };
	writeSchemas();
}

/** Commands that have a schema, as they are typed. */
export function documentedCommands(): string[] {
	return readdirSync(folder).map((name) => name.replace(/\.schema\.json$/, "").replace("-", " "));
}

const validators = new Map<string, ValidateFunction>();

/** What is against the schema of the command in a document that it printed; null when nothing is, or the words name no command. */
export function schemaProblem(words: readonly string[], document: unknown): string | null {
	const failed = typeof document === "object" && document !== null && "error" in document;
	const plain = words.filter((word) => /^[a-z]+$/.test(word));
	const command = [plain.slice(0, 2).join("-"), plain[0] ?? ""].find((name) =>
		existsSync(join(folder, `${name}.schema.json`)),
	);
	if (command === undefined) return null;
	const name = failed ? "error" : command;
	let validate = validators.get(name);
	if (validate === undefined) {
		const schema = JSON.parse(readFileSync(join(folder, `${name}.schema.json`), "utf8")) as object;
		validate = new Ajv({ strict: false, allowUnionTypes: true }).compile(schema);
		validators.set(name, validate);
	}
	if (validate(document)) return null;
	const problems = (validate.errors ?? []).map(
		({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
	);
	return `kprep ${words.join(" ")}: not as ${name}.schema.json says\n${problems.slice(0, 8).join("\n")}`;
}
