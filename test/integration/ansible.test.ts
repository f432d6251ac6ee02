import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { attempt } from "../../src/host/process/run.ts";
import { lacks } from "../helpers/lacks.ts";
import { fakeRoot } from "../unit/target/fake-root.ts";

const PLAYBOOK = fileURLToPath(new URL("../../templates/ansible/playbooks/capture.yml", import.meta.url));

const ANSWERS = [
	'echo "kprep-kernel ../../escape x 123"',
	'echo "kprep-kernel 6.1/../../../escape x 123"',
	'echo "kprep-kernel 6.1]x x 123"',
	'printf "kprep-kernel 6%0999d x 123\\n" 1',
	'echo "kprep-kernel 6.1 x 123/../../../escape"',
	":",
];

describe.skipIf(lacks("ansible-playbook"))("hosts of a fleet that mean harm", () => {
	it("have their trouble, and the others their profile", async () => {
		const top = fakeRoot();
		const fleet = join(top, "work/fleet");
		mkdirSync(join(top, "work"));
		// All hosts are this machine; whoever asks gets the next answer, and who comes last a good one.
		const script = ANSWERS.map((answer, at) => `mkdir ${top}/${at} 2>/dev/null && { ${answer}; exit; }\n`);
		writeFileSync(join(top, "script"), `${script.join("")}echo "kprep-kernel 6.1.0-9-amd64 x86_64 77"\n`);
		// Its other command is: capture -q -t URL -o PROFILE
		const program = `#!/bin/sh\n[ "$2" = --script ] && exec cat ${top}/script\necho profile >"$6"\n`;
		writeFileSync(join(top, "kprep"), program, { mode: 0o755 });
		const names = Array.from({ length: ANSWERS.length + 1 }, (_, at) => `h${at}\n`);
		writeFileSync(join(top, "inventory"), `${names.join("")}[all:vars]\nansible_connection=local\n`);
		const given = JSON.stringify({ kprep_command: join(top, "kprep"), kprep_fleet: fleet });
		const ran = await attempt(["ansible-playbook", "-i", join(top, "inventory"), PLAYBOOK, "-e", given], {
			env: { HOME: top, ANSIBLE_NOCOLOR: "1", LC_ALL: "C.UTF-8" },
			cwd: top,
			timeout: 90_000,
		});
		expect(ran.status, ran.stdout.slice(-2000) + ran.stderr).toBe(0);
		const hosts: { kernel: string; trouble: string }[] = Object.values(
			JSON.parse(readFileSync(join(fleet, "hosts.json"), "utf8")),
		);
		expect(hosts.map(({ kernel }) => kernel).filter(Boolean)).toEqual(["6.1.0-9-amd64-77"]);
		const troubles = hosts.filter(({ trouble }) => trouble.includes("does not say which kernel"));
		expect(troubles).toHaveLength(ANSWERS.length);
		expect(readdirSync(join(top, "work"))).toEqual(["fleet"]);
		expect(readdirSync(join(fleet, "profiles"))).toEqual(["6.1.0-9-amd64-77.kprep"]);
		const targets = readFileSync(join(fleet, "kprep-targets.ini"), "utf8");
		expect(targets.trim().split("\n")).toEqual([
			"[6.1.0-9-amd64-77]",
			"target = profiles/6.1.0-9-amd64-77.kprep",
		]);
	}, 120_000);
});
