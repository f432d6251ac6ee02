import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../src/host/process/run.ts";
import { kprep } from "../helpers/kprep.ts";
import { lacks } from "../helpers/lacks.ts";

/** A line as it is typed, and what its last word becomes; of several, all that are offered. */
const LINES: [line: string, offered: string[]][] = [
	["kprep doc", ["doctor"]],
	["kprep source l", ["list"]],
	["kprep source get ups", ["upstream"]],
	["kprep doctor --sys", ["--sysroot"]],
	["kprep sync --no-m", ["--no-make"]],
	["kprep new x --template misc", ["misc-device"]],
	["kprep doctor --sysroot root -t 6.1.0-1", ["6.1.0-1-made-up"]],
	["kprep sync lin", ["linux-1"]],
	["kprep build root lin", ["linux-1"]],
	["kprep build -j 2 root lin", ["linux-1"]],
	["kprep check a", ["a.ko"]],
	["kprep check a.ko b", ["b.ko.xz"]],
];

let folder: string;
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "kprep-completion-"));
	const script = async (shell: string) => (await kprep(["autocomplete", shell])).stdout;
	writeFileSync(join(folder, "kprep.bash"), await script("bash"));
	writeFileSync(join(folder, "_kprep"), await script("zsh"));
	writeFileSync(join(folder, "kprep.fish"), await script("fish"));
	mkdirSync(join(folder, "root/lib/modules/6.1.0-1-made-up"), { recursive: true });
	mkdirSync(join(folder, "linux-1"));
	for (const file of ["linux-1/Kconfig", "linux-1/Makefile", "a.ko", "b.ko.xz", "c.txt"])
		writeFileSync(join(folder, file), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Without what a shell adds to a whole word or a folder. */
const bare = (word: string) => word.replace(/[/= ]+$/, "").replace(/^\.\//, "");

describe.skipIf(lacks("bash"))("bash", () => {
	async function offered(...words: string[]): Promise<string[]> {
		const script = `. ./kprep.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _kprep; printf '%s\\n' "\${COMPREPLY[@]}"`;
		const { stdout, stderr } = await run(["bash", "-c", script, "bash", ...words], { cwd: folder });
		expect(stderr).toBe("");
		return [...new Set(stdout.split("\n").filter(Boolean).map(bare))].sort();
	}

	it.each([...LINES, ["kprep check ", ["a.ko", "b.ko.xz", "linux-1", "root"]]] as typeof LINES)(
		"%s",
		async (line, expected) => {
			expect(await offered(...line.split(" "))).toEqual(expected);
		},
	);

	it("--flag=value, which readline cuts in three", async () => {
		expect(await offered("kprep", "doctor", "--sysroot", "=", "root", "-t", "6.1")).toEqual([
			"6.1.0-1-made-up",
		]);
		expect(await offered("kprep", "new", "--template", "=", "misc")).toEqual(["misc-device"]);
		expect(await offered("kprep", "new", "--template", "=")).toContain("procfs");
	});
});

/** An interactive zsh on a terminal of its own: every line is typed, then TAB, and the line is printed as it is then. */
const ZSH = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PS1= PS2= RPS1=; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D
show() { zle -I; print -r -- "<<$BUFFER>>"; BUFFER= }; zle -N show; bindkey "^X" show; print REA"DY"'
zpty -r shell out '*READY*'
for line in "$@"; do
	zpty -w -n shell "$line"$'\\t\\x18'
	zpty -r shell out '*<<*>>*'
	print -r -- "\${\${out##*<<}%%>>*}"
done`;

it.skipIf(lacks("zsh"))("zsh completes as one types", { timeout: 60_000 }, async () => {
	writeFileSync(join(folder, "drive.zsh"), ZSH);
	const command = ["zsh", "-f", "drive.zsh", ...LINES.map(([line]) => line)];
	const { stdout } = await run(command, { cwd: folder, timeout: 50_000 });
	const completed = stdout.trimEnd().split("\n");
	const last = (line: string) => bare(bare(line).split(" ").at(-1) ?? "");
	expect(completed.map(last)).toEqual(LINES.map(([, [word]]) => word));
});

it.skipIf(lacks("fish"))("fish", { timeout: 60_000 }, async () => {
	const script =
		"source kprep.fish; for line in $argv; complete -C $line | string split -f 1 \\t; echo ---; end";
	const command = ["fish", "--no-config", "-c", script, ...LINES.map(([line]) => line)];
	const { stdout } = await run(command, { cwd: folder });
	const answers = stdout.split("---\n").slice(0, -1);
	expect(answers.map((it) => it.trimEnd().split("\n").map(bare))).toEqual(LINES.map(([, words]) => words));
});
