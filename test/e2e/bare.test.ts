import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../src/host/process/run.ts";
import { copyBare, inBare, makeBare, USER } from "../helpers/bare.ts";
import { makeBoard } from "../helpers/board.ts";
import { baseDisagrees, lab } from "../helpers/lab.ts";

const MINUTES = 60_000;
const top = fileURLToPath(new URL("../..", import.meta.url));
const wanted = process.env.KPREP_BARE === "1";
if (!wanted) console.log("skipped: test/e2e/bare.test.ts installs whole systems; KPREP_BARE=1 runs it");

let folder: string;
let bare: string;
let skip: string | null = null;
let release: string;

describe.skipIf(!wanted)("a system with nothing but what is minimal", () => {
	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "kprep-bare-"));
		bare = join(folder, "bare");
		const kernel = await lab.kernel({ flavour: "cloud", fits: baseDisagrees });
		skip = "skip" in kernel ? kernel.skip : await makeBare(bare);
		if (skip !== null || "skip" in kernel) return console.log(`skipped: ${skip}`);
		release = kernel.release;
		makeBoard(kernel, join(bare, "mnt/board"));
		await run(
			[process.execPath, join(top, "bin/package/sea.js"), `--output=${join(bare, "usr/local/bin")}`],
			{
				timeout: 5 * MINUTES,
			},
		);
	}, 20 * MINUTES);
	afterAll(() => rmSync(folder, { recursive: true, force: true }), 5 * MINUTES);

	it("tells an ordinary user one command", { timeout: MINUTES }, async (context) => {
		if (skip !== null) return context.skip(skip);
		const { status, stdout } = await inBare(bare, USER, "kprep doctor");
		expect(status).toBe(1);
		// There is no sudo.
		expect(stdout).toMatch(/runs: su -c 'apt-get install -y [^']*\bgcc\b[^']*\bqemu-system-x86\b/);
		const tried = await inBare(bare, USER, "kprep source get --minimal --dest linux");
		expect(tried.status).toBe(3);
		expect(tried.stderr).toContain("su -c 'apt-get install -y xz-utils'");
	});

	it("comes to a loaded module by the commands of the README, as root, and again as a user", {
		timeout: 15 * MINUTES,
	}, async (context) => {
		if (skip !== null) return context.skip(skip);
		const root = join(folder, "story");
		await copyBare(bare, root);
		await story(root, "root", ["doctor --fix --yes", ...STORY]);
		await story(root, USER, ["doctor", ...STORY]);
	});

	it("runs the npm package with nothing but node, and the .deb that brings node", {
		timeout: 5 * MINUTES,
	}, async (context) => {
		if (skip !== null) return context.skip(skip);
		const root = join(folder, "packages");
		await copyBare(bare, root);
		for (const path of ["opt/npm", "opt/deb"]) mkdirSync(join(root, path), { recursive: true });
		rmSync(join(root, "usr/local/bin/kprep"));
		await run([process.execPath, join(top, "bin/package/deb.js"), "--with-node", `--output=${root}/opt/deb`]);
		await typed(root, "root", "dpkg -i /opt/deb/*.deb && kprep --version && kprep new hello && kprep target");

		const { stdout } = await run(["npm", "pack", "--ignore-scripts", "--pack-destination", folder], {
			cwd: top,
		});
		const tarball = join(folder, stdout.trim().split("\n").at(-1) ?? "");
		await run(["npm", "install", "--omit=dev", "--no-audit", "--no-fund", tarball], {
			cwd: join(root, "opt/npm"),
			timeout: 3 * MINUTES,
		});
		await typed(root, "root", "mv /usr/lib/kprep/node /usr/local/bin/ && dpkg --purge kprep");
		await typed(
			root,
			USER,
			"/opt/npm/node_modules/.bin/kprep target && /opt/npm/node_modules/.bin/kprep --help",
		);
	});
});

const STORY = [
	"source get",
	"sync",
	"new hello",
	"build hello",
	"check hello/hello.ko",
	"verify --boot",
	"check hello/hello.ko --boot",
];

/** The commands as a newcomer types them, in an empty folder; each must end with exit status 0. */
async function story(root: string, user: string, commands: string[]): Promise<void> {
	await typed(root, user, "mkdir work");
	const said: string[] = [];
	for (const command of commands) said.push(await typed(root, user, `cd work; kprep ${command}`));
	expect(said.at(-2)).toContain(`loaded by ${release}\n`);
	expect(said.at(-1)).toMatch(/boot: +loaded \(QEMU, .*\n(.*\n)* +hello: Hello, world\n/);
}

async function typed(root: string, user: string, line: string): Promise<string> {
	const { status, stdout, stderr } = await inBare(root, user, line);
	expect(status, `${user}: ${line}\n${stdout}${stderr}`).toBe(0);
	return stdout;
}
