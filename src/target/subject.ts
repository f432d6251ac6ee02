import { existsSync, statSync } from "node:fs";
import { basename, isAbsolute, join, resolve } from "node:path";
import { KprepError } from "../errors.ts";
import { PROFILE_MAGIC } from "../formats/profile/profile.ts";
import { readHead } from "../host/files/files.ts";
import { Root } from "../host/files/root.ts";
import type { Progress } from "../host/progress.ts";
import { isRelease } from "../kernel/release/release.ts";
import { quoted } from "../kernel/shell-word.ts";
import { installedReleases } from "./providers/installed.ts";
import type { Subject } from "./providers/provider.ts";
import type { Fact } from "./target.ts";

/** What --target, --sysroot and --config say. */
export interface TargetSpec {
	target?: string | undefined;
	sysroot?: string | undefined;
	config?: string | undefined;
}

/** Whether the target is named by a scheme ("apt:...", "ssh://..."), so that its files have to be brought first. */
export function isElsewhere({ target }: TargetSpec): boolean {
	return target !== undefined && /^[a-z][a-z0-9+]*:/.test(target);
}

/** The words that name the same target in another command, quoted for a shell: ["--sysroot", "/mnt/board"]. */
export function targetWords(spec: TargetSpec): string[] {
	return (["target", "sysroot", "config"] as const).flatMap((flag) => {
		const value = spec[flag];
		return value === undefined ? [] : [`--${flag}`, quoted(value)];
	});
}

/** Where kprep runs: its root folder and `uname -r`; tests give another. */
export interface Machine {
	root: string;
	uname: string;
}

/** Who is meant, and the release as far as the spec itself tells it. */
export interface Meant {
	subject: Subject;
	/** The release by the word of the user or of the running kernel (firm), or by a name found in a folder (not firm). */
	asked: Fact | null;
	firm: boolean;
}

/**
 * Reads the spec as CONTRACT.md ("The target") says: nothing, a release, an image file, a profile file.
 * Throws `target-not-found` (3: it is not there) and `several-targets` (2: all is there, the command line does not
 * say which).
 */
export function subjectOf(
	spec: TargetSpec,
	machine: Machine,
	progress: Progress,
	unreadable: (what: string) => void,
): Meant {
	const root = new Root(sysrootFolder(spec.sysroot) ?? machine.root);
	const here = root.folder === machine.root;
	const subject: Subject = {
		root,
		release: null,
		running: false,
		image: null,
		profile: null,
		config: spec.config ?? null,
		progress,
		unreadable,
	};
	const file = spec.target === undefined ? null : namedFile(spec.target, root);
	if (spec.target === undefined)
		return spec.sysroot === undefined ? running(subject, machine.uname) : only(subject);
	if (file !== null) return fromFile(subject, file);
	if (!isRelease(spec.target) || !installedReleases(root).includes(spec.target)) {
		// A release with its .config, and nothing else, is a target too.
		const alone = spec.config !== undefined && isRelease(spec.target) && /^\d+\.\d+/.test(spec.target);
		if (!alone && (!here || spec.target !== machine.uname)) throw notFound(spec.target, root);
	}
	const asked: Fact = { value: spec.target, source: { kind: "flag", path: "--target" } };
	return {
		subject: { ...subject, release: spec.target, running: here && spec.target === machine.uname },
		asked,
		firm: true,
	};
}

function running(subject: Subject, uname: string): Meant {
	const asked: Fact = { value: uname, source: { kind: "proc", path: "uname -r" } };
	return { subject: { ...subject, release: uname, running: true }, asked, firm: true };
}

function only(subject: Subject): Meant {
	const installed = installedReleases(subject.root);
	const [release] = installed;
	if (release === undefined) throw notFound(null, subject.root);
	if (installed.length > 1) {
		throw new KprepError(
			"usage",
			"several-targets",
			`several kernels are installed in ${subject.root.folder}`,
			{
				expected: "one kernel, or --target RELEASE",
				found: installed.join(", "),
				where: subject.root.folder,
				suggestions: installed.map((one) => `the same command with --target ${quoted(one)}`),
			},
		);
	}
	const asked: Fact = { value: release, source: { kind: "name", path: subject.root.folder } };
	return { subject: { ...subject, release }, asked, firm: false };
}

function fromFile(subject: Subject, file: string): Meant {
	if (isProfile(file)) return { subject: { ...subject, profile: file }, asked: null, firm: false };
	const named = /^(?:vmlinuz|vmlinux|bzImage|zImage|Image|Image\.gz|kernel)-(\d+\.\d+.*)$/.exec(
		basename(file),
	)?.[1];
	const asked: Fact | null =
		named === undefined || !isRelease(named) ? null : { value: named, source: { kind: "name", path: file } };
	return { subject: { ...subject, image: file }, asked, firm: false };
}

/**
 * The file that a spec names, or null when it can only be a release. A path inside the sysroot counts first, so that
 * `--sysroot ROOT -t /boot/vmlinuz-R` does not read the image of the machine kprep runs on.
 */
function namedFile(target: string, root: Root): string | null {
	const inside = isAbsolute(target) && !root.isHost ? root.real(target) : null;
	const path = inside ?? resolve(target);
	// A boot partition that the user names is read like a file.
	if (existsSync(path) && (statSync(path).isFile() || statSync(path).isBlockDevice())) return path;
	if (existsSync(path) && target.includes("/")) {
		throw new KprepError("usage", "bad-target", `${target} is not a file`, {
			expected: "a release, a kernel image or a profile",
			found: statSync(path).isDirectory() ? "a folder" : "something that is not a regular file",
			where: path,
			suggestions: ["--target RELEASE --sysroot DIR looks a release up in a folder"],
		});
	}
	if (target.includes("/")) throw notFound(target, root);
	return null;
}

function isProfile(path: string): boolean {
	return Buffer.from(readHead(path, PROFILE_MAGIC.length)).toString("latin1") === PROFILE_MAGIC;
}

function sysrootFolder(sysroot: string | undefined): string | null {
	if (sysroot === undefined) return null;
	const folder = resolve(sysroot);
	if (existsSync(folder) && statSync(folder).isDirectory()) return folder;
	throw new KprepError("missing", "sysroot-not-found", `there is no folder ${sysroot}`, {
		where: folder,
		suggestions: ["check the path given with --sysroot"],
	});
}

/** The error for a target that is not there, with what is. */
export function notFound(target: string | null, root: Root): KprepError {
	const installed = installedReleases(root);
	const place = root.isHost ? "on this machine" : `in ${root.folder}`;
	return new KprepError(
		"missing",
		"target-not-found",
		target === null ? `no kernel is installed ${place}` : `there is no kernel ${target} ${place}`,
		{
			expected: "headers, /boot files or /lib/modules of the target, a kernel image, or a profile",
			found: installed.length === 0 ? "no installed kernel" : installed.join(", "),
			where: join(root.folder, "lib/modules"),
			suggestions:
				installed.length === 0
					? [
							"name a kernel image with --target FILE, or another root with --sysroot DIR",
							...(target === null
								? []
								: ["the same command with --config FILE, when its .config is all there is"]),
						]
					: installed.slice(0, 5).map((release) => `the same command with --target ${quoted(release)}`),
		},
	);
}
