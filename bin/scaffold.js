#!/usr/bin/env node
// `npm run new -- check NAME`: the file, the entry and the test of a new check, ready to be filled in.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const top = process.env.KPREP_CLONE ?? fileURLToPath(new URL("..", import.meta.url));

const [kind, id = ""] = process.argv.slice(2);
if (kind !== "check" || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
	console.error("npm run new -- check NAME      (small letters and digits, words joined by -)");
	process.exit(2);
}
const name = id.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const file = join(top, `src/checks/${id}.ts`);
const test = join(top, `test/unit/checks/${id}.test.ts`);
for (const path of [file, test])
	if (existsSync(path)) {
		console.error(`${path} is there already`);
		process.exit(1);
	}

writeFileSync(
	file,
	`import type { Check } from "./check.ts";

/** What the check asks of tree and target, and what a difference does to a module. */
export const ${name}: Check = {
	id: "${id}",
	run({ tree, target }) {
		const [expected, actual] = [target.version?.value ?? null, tree.base];
		const status = expected === null || actual === null ? "unknown" : expected === actual ? "match" : "note";
		return { id: "${id}", status, expected, actual, evidence: [], advice: null };
	},
};
`,
);
writeFileSync(
	test,
	`import { expect, test } from "vitest";
import { ${name} } from "../../../src/checks/${id}.ts";
import { contextOf, fakeTarget, treeFolder } from "./fake-context.ts";

test("${id}: says what differs", async () => {
	const context = await contextOf(treeFolder(), await fakeTarget());
	expect(await ${name}.run(context)).toMatchObject({ id: "${id}", status: "a status that this test expects" });
});
`,
);
edit(
	"src/checks/check.ts",
	/export type CheckId =\n(\t\| "[^"]+"\n)*?(?=\t\| "module-layout")/,
	(ids) => `${ids}\t| "${id}"\n`,
);
edit("src/checks/index.ts", /^(?=\n\/\*\*)/m, () => `import { ${name} } from "./${id}.ts";\n`);
edit("src/checks/index.ts", /(?=\n\];)/, () => `\n\t${name},`);
for (const path of [file, test]) console.log(resolve(path));
console.log(
	`Its entry stands in src/checks/index.ts, its id in src/checks/check.ts. Next: npx biome check --write src/checks; npx vitest run ${test.slice(top.length).replace(/^\//, "")}`,
);

function edit(path, place, change) {
	const text = readFileSync(join(top, path), "utf8");
	if (!place.test(text)) throw new Error(`${path}: the place of the new entry is not found (${place})`);
	writeFileSync(join(top, path), text.replace(place, change));
}
