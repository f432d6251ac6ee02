import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../src/host/process/run.ts";
import { inBare, makeBare } from "../helpers/bare.ts";
import { makeBoard } from "../helpers/board.ts";
import { CI_LINES } from "../helpers/ci-lines.ts";
import { writeHello } from "../helpers/hello.ts";
import { lab } from "../helpers/lab.ts";
import { skips } from "../helpers/lacks.ts";

const MINUTES = 60_000;
const top = fileURLToPath(new URL("../..", import.meta.url));

/** The very lines of templates/ci in a minimal Debian with Node, as a runner or docker would type them. */
describe.skipIf(
	skips(process.env.KPREP_CI !== "1", "KPREP_CI=1 runs the lines of templates/ci in a new system"),
)("templates/ci", () => {
	let folder = "";
	let root = "";
	let skip: string | null = null;
	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), "kprep-ci-"));
		root = join(folder, "root");
		const kernel = await lab.kernel({ flavour: "cloud" });
		skip = "skip" in kernel ? kernel.skip : await makeBare(root);
		if (skip !== null || "skip" in kernel) return console.log(`skipped: ${skip}`);
		makeBoard(kernel, join(root, "mnt/board"));
		await kernel.tree(join(root, "mnt/tree"));
		// The image's and the runner's Node.
		cpSync(process.execPath, join(root, "usr/local/bin/node"));
		const npm = (await run(["npm", "root", "-g"])).stdout.trim();
		mkdirSync(join(root, "usr/local/lib/node_modules"), { recursive: true });
		cpSync(join(npm, "npm"), join(root, "usr/local/lib/node_modules/npm"), { recursive: true });
		symlinkSync("../lib/node_modules/npm/bin/npm-cli.js", join(root, "usr/local/bin/npm"));
		// This machine's own ways to the registry, where it has any.
		const ca = process.env.NODE_EXTRA_CA_CERTS ?? process.env.SSL_CERT_FILE ?? process.env.npm_config_cafile;
		const registry = (await run(["npm", "config", "get", "registry"])).stdout.trim();
		writeFileSync(
			join(root, "root/.npmrc"),
			`registry=${registry}\n${ca === undefined ? "" : "cafile=/root/ca.pem\n"}`,
		);
		if (ca !== undefined) cpSync(ca, join(root, "root/ca.pem"), { dereference: true });
		mkdirSync(join(root, "opt/kprep"), { recursive: true });
		await run(["sh", "-c", `git -C '${top}' archive HEAD | tar -x -C '${root}/opt/kprep'`]);
		const driver = join(root, "root/driver");
		writeHello(driver);
		writeFileSync(join(driver, "kprep-targets.ini"), "[board]\nsysroot = /mnt/board\nsource = /mnt/tree\n");
	}, 20 * MINUTES);
	afterAll(() => rmSync(folder, { recursive: true, force: true }), 5 * MINUTES);

	const typed = async (where: string, line: string) => {
		const { status, stdout, stderr } = await inBare(root, "root", `cd ${where}; ${line}`);
		expect(status, `${line}\n${stdout}${stderr}`).toBe(0);
		return stdout;
	};

	it("the image is made, and the job's and the action's matrix load", {
		timeout: 40 * MINUTES,
	}, async (context) => {
		if (skip !== null) return context.skip(skip);
		for (const line of CI_LINES.docker) await typed("/opt/kprep", line);
		for (const line of CI_LINES.gitlab) console.log(await typed("/root/driver", line));
		expect(readFileSync(join(root, "root/driver/kprep.xml"), "utf8")).toContain('failures="0" errors="0"');
		for (const report of ["kprep.xml", "kprep.html"]) rmSync(join(root, "root/driver", report));
		for (const line of CI_LINES.action) {
			const where = line.startsWith("npm") ? "/opt/kprep" : "/root/driver";
			await typed(where, `WHAT=. FLAGS=; ${line}`);
		}
		expect(readFileSync(join(root, "root/driver/kprep.xml"), "utf8")).toContain('failures="0" errors="0"');
	});

	it("a clone of a driver with a targets file: one command makes the machine ready, and every cell loads", {
		timeout: 40 * MINUTES,
	}, async (context) => {
		if (skip !== null) return context.skip(skip);
		const origin = join(root, "mnt/origin");
		mkdirSync(origin);
		writeHello(origin);
		const { stdout } = await run(["dpkg", "--print-architecture"]);
		const architecture = stdout.trim();
		writeFileSync(
			join(origin, "kprep-targets.ini"),
			["cloud-", ""]
				.map(
					(flavour) => `[${flavour || "plain-"}kernel]\ntarget = apt:linux-image-${flavour}${architecture}\n`,
				)
				.join("\n"),
		);
		const git = ["git", "-C", origin, "-c", "user.name=t", "-c", "user.email=t@localhost"];
		for (const words of [
			["init", "-q"],
			["add", "-A"],
			["commit", "-qm", "a driver"],
		])
			await run([...git, ...words]);
		// Everything that building needs was installed by the lines before; kprep itself has no need of git.
		await typed("/root", "apt-get install -y -qq git && git clone -q /mnt/origin clone");
		console.log(await typed("/root/clone", "unset KPREP_SYSROOT; kprep sync --all"));
		console.log(await typed("/root/clone", "unset KPREP_SYSROOT; kprep matrix . --boot"));
		const { cells } = JSON.parse(
			await typed("/root/clone", "unset KPREP_SYSROOT; kprep matrix . --boot --json -q"),
		);
		expect(cells).toHaveLength(2);
		expect(cells.map(({ verdict, boot }: Cell) => [verdict, boot?.loaded])).toEqual([
			["loads", true],
			["loads", true],
		]);
	});
});

interface Cell {
	verdict: string;
	boot?: { loaded: boolean };
}
