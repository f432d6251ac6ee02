import { spawnSync } from "node:child_process";
import { closeSync, constants, fstatSync, linkSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { findProgram } from "../process/program.ts";
import {
	type Holder,
	notePath,
	readHolder,
	removeHolder,
	stateOf,
	thisHolder,
	writeHolder,
} from "./holder.ts";

/**
 * One writer a folder: the kernel's lock (flock) on FOLDER/lock, which ends with its holder however that dies, and a
 * note of who holds it for those without the `flock` program or on another machine. Throws KprepError "busy" while
 * somebody else holds it, or may hold it where this process cannot see. Returns the release.
 */
export function lock(folder: string, flock = findProgram("flock")): () => void {
	for (let attempt = 0; attempt < 100; attempt++) {
		const file = openLock(folder);
		let kernel: "locked" | "busy" | "unknown" = "unknown";
		try {
			if (flock !== null) kernel = lockInKernel(file, flock);
			if (kernel === "busy") throw busy(folder, readHolder(folder));
			if (!isStill(file, join(folder, "lock")) || !takeNote(folder, kernel === "locked")) {
				closeSync(file);
				continue;
			}
		} catch (error) {
			closeSync(file);
			throw error;
		}
		return () => {
			removeHolder(folder);
			// Removed while it is held: whoever waits for this file sees that it is not the folder's lock any more.
			if (kernel === "locked") rmSync(join(folder, "lock"), { force: true });
			closeSync(file);
		};
	}
	throw new KprepError("busy", "tree-busy", "the lock of this tree changes hands all the time", {
		where: folder,
	});
}

function openLock(folder: string): number {
	const path = join(folder, "lock");
	const flags = constants.O_RDONLY | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
	try {
		return openSync(path, flags, 0o644);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code === "ENOENT")
			throw new KprepError("busy", "tree-busy", "another kprep has just undone this tree", {
				where: folder,
				suggestions: ["run the same command again"],
			});
		// Until 0.1.0 the lock was a folder.
		if (code !== "EISDIR" && code !== "ELOOP") throw error;
		throw new KprepError("busy", "lock-damaged", "the lock of this tree is not a file", {
			where: path,
			suggestions: [`make sure that no kprep is at work there, then: rm -r ${quoted(path)}`],
		});
	}
}

/** The lock belongs to the open file, which the program shares with this process: it stays when the program ends. */
function lockInKernel(file: number, flock: string): "locked" | "busy" | "unknown" {
	const { status } = spawnSync(flock, ["-n", "-x", "3"], { stdio: ["ignore", "ignore", "ignore", file] });
	return status === 0 ? "locked" : status === 1 ? "busy" : "unknown";
}

function isStill(file: number, path: string): boolean {
	const [held, there] = [fstatSync(file), statSync(path, { throwIfNoEntry: false })];
	return held.ino === there?.ino && held.dev === there.dev;
}

/** False when somebody else was quicker. */
function takeNote(folder: string, kernel: boolean): boolean {
	const present = readHolder(folder);
	if (present !== null && present !== "garbage") {
		if (stateOf(present, folder, kernel) !== "gone") throw busy(folder, present);
		if (!kernel && !claim(folder, present)) return false;
	}
	if (present === "garbage" && !kernel) throw busy(folder, present);
	try {
		return writeHolder(folder, thisHolder(kernel), kernel);
	} catch (error) {
		// The kernel's lock is enough on a full disk, which undo is to free.
		if (kernel && ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "")) return true;
		throw error;
	}
}

/**
 * Without the kernel's lock: of all who see the same dead holder only the one that makes this link may take its note
 * away. It is left there when that one dies too; then a person must decide.
 */
function claim(folder: string, dead: Holder): boolean {
	const path = `${notePath(folder)}.dead-${dead.pid}-${dead.start}`;
	try {
		linkSync(notePath(folder), path);
	} catch (error) {
		const { code = "" } = error as NodeJS.ErrnoException;
		if (code === "EEXIST" || code === "ENOENT") return false;
		throw error;
	}
	const mine = readFileSync(path, "utf8") === JSON.stringify(dead);
	if (mine) removeHolder(folder);
	rmSync(path, { force: true });
	return mine;
}

function busy(folder: string, holder: Holder | "garbage" | null): KprepError {
	const note = notePath(folder);
	if (holder === null)
		return new KprepError("busy", "tree-busy", "another kprep is working on this tree", {
			where: folder,
			suggestions: [WAIT],
		});
	if (holder === "garbage")
		return new KprepError(
			"busy",
			"tree-busy",
			"another kprep may be working on this tree: the note of who it is cannot be read",
			{
				where: note,
				suggestions: [`make sure that no kprep is at work there, then: rm ${quoted(note)}`],
			},
		);
	const self = thisHolder(false);
	const elsewhere =
		holder.boot === self.boot
			? holder.namespace === self.namespace
				? ""
				: " in another container (PID namespace)"
			: holder.host === self.host
				? " before this machine was started anew"
				: ` on ${holder.host.split(" ")[0]}`;
	return new KprepError(
		"busy",
		"tree-busy",
		`another kprep (process ${holder.pid}${elsewhere}) is working on this tree`,
		{
			where: note,
			suggestions: [
				WAIT,
				...(elsewhere === "" ? [] : [`when it is gone (nobody can see that from here): rm ${quoted(note)}`]),
			],
		},
	);
}

const WAIT = "wait until it is done, then run the same command again";
