import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import Doctor from "../../src/commands/doctor.ts";
import Matrix from "../../src/commands/matrix.ts";
import { CI_LINES } from "../helpers/ci-lines.ts";

const readme = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
const FLAGS: Record<string, object> = { matrix: Matrix.flags, doctor: Doctor.flags };

test.each(Object.entries(CI_LINES))(
	"%s types only what the README tells, with flags that are there",
	(_, lines) => {
		expect(lines.length).toBeGreaterThan(0);
		for (const line of lines)
			for (const [, command = "", rest = ""] of line.matchAll(/\bkprep (\w+)((?: (?![|;&])\S+)*)/g)) {
				expect(readme).toContain(`kprep ${command}`);
				for (const [, flag = ""] of rest.matchAll(/--([a-z-]+)/g))
					expect(Object.keys(FLAGS[command] ?? {}), `${command} --${flag}`).toContain(flag);
			}
		for (const line of lines.filter((one) => one.startsWith("npm"))) expect(readme).toContain(line);
	},
);
