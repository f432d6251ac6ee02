import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import { templatePath } from "../../host/machine/templates.ts";
import { attempt } from "../../host/process/run.ts";
import type { Progress } from "../../host/progress.ts";
import { unplainIn } from "../../kernel/kbuild/plain-path.ts";
import { identifier, moduleNameProblem } from "../../kernel/module-name.ts";
import { quoted } from "../../kernel/shell-word.ts";

export interface NewRequest {
	name: string;
	/** Name of a folder in templates/module/. */
	template: string;
	/** Folder to make; null: one of the module's name in the working folder. */
	dest: string | null;
	progress: Progress;
}

export interface NewModule {
	name: string;
	template: string;
	/** Absolute path of the folder that was made. */
	path: string;
	/** Names of the files in it. */
	files: string[];
}

/** Names of the module templates. */
export function moduleTemplates(): string[] {
	return readdirSync(templatePath("module")).filter((name) => name !== "common");
}

/**
 * Writes a module that builds with plain make and with kprep into a new folder: all of it, or nothing. Never touches
 * what is there. Throws KprepError "usage" for a name or a path that the kernel's build cannot take.
 */
export async function newModule(request: NewRequest): Promise<NewModule> {
	const { name, template } = request;
	const path = resolve(request.dest ?? name);
	checkName(name);
	checkTemplate(name, template);
	checkPath(path);
	const words = await fillings(name, template);
	const files = new Map<string, string>();
	for (const folder of ["common", template]) {
		for (const file of readdirSync(templatePath("module", folder))) {
			if (file === "about.json") continue;
			const text = readFileSync(templatePath("module", folder, file), "utf8");
			files.set(file.replace(/^dot-/, ".").replace("NAME", name), fill(text, words));
		}
	}
	await writeAll(path, files);
	return { name, template, path, files: [...files.keys()].sort() };
}

function checkName(name: string): void {
	const problem = moduleNameProblem(name);
	if (problem === null) return;
	throw new KprepError("usage", "bad-module-name", `'${name}' cannot be a module's name: ${problem}`, {
		expected: "a letter, then letters, digits, '_' or '-', 55 at most",
		suggestions: ["kprep new hello"],
	});
}

/** A crate's name is an identifier, and kbuild names the crate by its file (scripts/Makefile.build, `--crate-name`). */
function checkTemplate(name: string, template: string): void {
	if (aboutOf(template).name !== "identifier" || identifier(name) === name) return;
	throw new KprepError("usage", "bad-module-name", `'${name}' cannot be the name of a module in Rust`, {
		expected: "letters, digits and '_'",
		suggestions: [`kprep new ${quoted(identifier(name))} --template ${quoted(template)}`],
	});
}

function aboutOf(template: string): { summary: string; try: string; name?: string } {
	return JSON.parse(readFileSync(templatePath("module", template, "about.json"), "utf8"));
}

function checkPath(path: string): void {
	const found = unplainIn(path);
	if (found !== null)
		throw new KprepError("usage", "bad-path", `the kernel's build cannot work in ${path}`, {
			expected: "a path of plain characters",
			found,
			suggestions: ["choose another folder with --dest"],
		});
	if (existsSync(path) && !(isFolder(path) && readdirSync(path).length === 0))
		throw new KprepError("usage", "exists", `${path} is there already, and nothing is overwritten`, {
			suggestions: ["choose another folder with --dest", `kprep build ${quoted(path)}`],
		});
}

function isFolder(path: string): boolean {
	try {
		readdirSync(path);
		return true;
	} catch {
		return false;
	}
}

async function fillings(name: string, template: string): Promise<Record<string, string>> {
	const about = aboutOf(template);
	const id = identifier(name);
	const camel = id.replace(/(?:^|_+)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
	const words = {
		...{ NAME: name, MODULE: id, ID: id, UPPER: id.toUpperCase(), CAMEL: camel, AUTHOR: await author(name) },
	};
	return { ...words, SUMMARY: fill(about.summary, words), TRY: fill(about.try, words) };
}

/** Every @WORD@ that is known, replaced. */
function fill(text: string, words: Record<string, string>): string {
	return text.replace(/@([A-Z]+)@/g, (whole, word) => words[word] ?? whole);
}

/** Who git says commits here, as the kernel writes authors; safe inside a C string. */
async function author(name: string): Promise<string> {
	const ask = async (key: string) => {
		try {
			return (await attempt(["git", "config", "--get", key])).stdout.trim();
		} catch {
			return "";
		}
	};
	const [who, mail] = [await ask("user.name"), await ask("user.email")];
	const text = who === "" ? `The authors of ${name}` : mail === "" ? who : `${who} <${mail}>`;
	return text.replace(/[^\p{L}\p{N} .,<>@_+'()-]/gu, "");
}

async function writeAll(path: string, files: Map<string, string>): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	const building = await mkdtemp(join(dirname(path), `.${basename(path)}-`));
	try {
		const folder = join(building, "module");
		await mkdir(folder);
		for (const [file, text] of files) await writeFile(join(folder, file), text, { flag: "wx" });
		await rename(folder, path);
	} finally {
		await rm(building, { recursive: true, force: true });
	}
}
