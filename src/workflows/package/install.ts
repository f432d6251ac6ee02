import {
	chmodSync,
	existsSync,
	lstatSync,
	mkdtempSync,
	readlinkSync,
	renameSync,
	rmdirSync,
	rmSync,
	symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { KprepError } from "../../errors.ts";
import { makeReadable } from "../../host/files/files.ts";
import { Root } from "../../host/files/root.ts";
import { attempt } from "../../host/process/run.ts";
import type { Progress } from "../../host/progress.ts";
import type { InstallDocument } from "../../report/package.ts";
import { resolveTarget } from "../../target/resolve.ts";
import type { TargetSpec } from "../../target/subject.ts";
import { textOf } from "../../tree/read.ts";
import { modulesOf } from "../install/places.ts";
import { packageContents } from "./contents.ts";
import { stripped } from "./host-tools.ts";
import { type PackageRequest, packedTime, toPack } from "./index.ts";
import { packageNames } from "./names.ts";
import { writeFolder } from "./write.ts";

/** The file by which the folder is known as kprep's own. */
const MARK = ".kprep-headers";
/** Where DKMS and others ask to be told of new headers (Debian's linux-headers packages run it too). */
const HOOKS = "/etc/kernel/header_postinst.d";

/**
 * Places the headers as usr/src/linux-headers-R-kprep and lib/modules/R/build of this machine or sysroot, and on this
 * machine tells DKMS by its hook. What is there and not kprep's is not touched: KprepError "busy".
 */
export async function installHeaders(
	request: Omit<PackageRequest, "file" | "format">,
): Promise<InstallDocument> {
	const { progress, target, force } = request;
	const root = new Root(target.sysroot);
	const { tree, release, names, verdict, mismatches } = await toPack(request);
	if (verdict === "mismatch" && !force) return { verdict, release, mismatches, installed: null };
	const { folder, link } = places(root, names.folder, release);
	requireOurs(folder, link, `/${names.folder}`);
	progress.step("install", folder);
	makeReadable(dirname(folder));
	// Whole or not at all: filled under another name beside it.
	const filled = mkdtempSync(`${folder}.new-`);
	const scratch = mkdtempSync(`${folder}.strip-`);
	try {
		writeFolder(await stripped(packageContents(tree, release), scratch), filled, packedTime(tree));
		chmodSync(filled, 0o755);
		rmSync(folder, { recursive: true, force: true });
		renameSync(filled, folder);
	} finally {
		for (const rest of [filled, scratch]) rmSync(rest, { recursive: true, force: true });
	}
	if (lstatSync(link, { throwIfNoEntry: false }) === undefined) {
		makeReadable(dirname(link));
		symlinkSync(`/${names.folder}`, link);
	}
	if (root.isHost && existsSync(HOOKS)) {
		progress.step("tell DKMS", HOOKS);
		const { status } = await attempt(["run-parts", `--arg=${release}`, HOOKS], { progress });
		if (status !== 0) progress.warn(`a hook of ${HOOKS} failed; the headers are in place`);
	}
	return { verdict, release, mismatches, installed: { folder, link } };
}

/** Takes away what installHeaders placed for the target; what is not kprep's stays. */
export async function uninstallHeaders(spec: TargetSpec, progress: Progress): Promise<InstallDocument> {
	const target = await resolveTarget(spec, progress);
	const release = target.release?.value ?? spec.target ?? "";
	const names = packageNames(release, "0");
	const { folder, link } = places(new Root(spec.sysroot), names.folder, release);
	const removed: string[] = [];
	if (linkOf(link) === `/${names.folder}`) {
		rmSync(link);
		removed.push(link);
		try {
			rmdirSync(dirname(link));
		} catch {
			// The kernel's own modules are there.
		}
	}
	if (isOurs(folder)) {
		rmSync(folder, { recursive: true });
		removed.push(folder);
	}
	return { verdict: null, release, mismatches: [], installed: null, removed };
}

/** All above the last parts may be links of a merged /usr. */
function places(root: Root, folder: string, release: string): { folder: string; link: string } {
	return {
		link: join(modulesOf(root, release), "build"),
		folder: join(root.place("/usr/src"), folder.slice("usr/src/".length)),
	};
}

function requireOurs(folder: string, link: string, wanted: string): void {
	const there = lstatSync(link, { throwIfNoEntry: false });
	if (there !== undefined && linkOf(link) !== wanted)
		throw new KprepError("busy", "build-there", `${link} is there, and kprep did not make it`, {
			...{
				expected: "nothing, or what kprep installed",
				found: linkOf(link) ?? "a folder or file",
				where: link,
			},
			suggestions: [`kprep package -o headers --format dir, and make -C headers M=YOUR-MODULE`],
		});
	if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined && !isOurs(folder))
		throw new KprepError("busy", "folder-there", `${folder} is there, and kprep did not make it`, {
			where: folder,
		});
}

function isOurs(folder: string): boolean {
	return (
		lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true &&
		textOf(join(folder, MARK)) !== null
	);
}

function linkOf(path: string): string | null {
	return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : null;
}
