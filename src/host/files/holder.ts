import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, readlinkSync, renameSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { isAlive, markOf } from "../process/process-mark.ts";
import { readRegular } from "./regular.ts";

/** Who writes in a folder: a process, and where its number means anything. */
export type Holder = v.InferOutput<typeof holderSchema>;

const holderSchema = v.object({
	pid: v.number(),
	start: v.string(),
	boot: v.string(),
	/** Name and machine-id of the machine. */
	host: v.string(),
	/** The PID namespace, as /proc/self/ns/pid names it. */
	namespace: v.string(),
	/** It holds the kernel's lock too, which dies with it. */
	kernel: v.boolean(),
});

const MOST_NOTE = 64 * 1024;

/** "gone": it can be shown to be dead. "unknown": it may run where this process cannot see it. */
export type HolderState = "alive" | "gone" | "unknown";

/** This process. */
export function thisHolder(kernel: boolean): Holder {
	return { ...markOf(process.pid), host: hostId(), namespace: namespaceId(), kernel };
}

/**
 * What has become of a holder. `kernelLock`: this process has the kernel's lock of `folder`, so that no other process
 * of this machine has it, in whatever namespace.
 */
export function stateOf(
	holder: Holder,
	folder: string,
	kernelLock: boolean,
	self = thisHolder(true),
): HolderState {
	if (holder.boot === self.boot && holder.namespace === self.namespace)
		return isAlive(holder) ? "alive" : "gone";
	// The number of a process says nothing in another namespace, but the kernel's lock is one for all of them.
	if (
		kernelLock &&
		holder.kernel &&
		(holder.boot === self.boot || holder.host === self.host || isLocal(folder))
	)
		return "gone";
	return "unknown";
}

/** The note in `folder`; null when there is none, "garbage" when it cannot be read as one. */
export function readHolder(folder: string): Holder | "garbage" | null {
	let text: string;
	try {
		text = readRegular(notePath(folder), { limit: MOST_NOTE, within: folder }).toString("utf8");
	} catch (error) {
		return ["ENOENT", "not-found"].includes((error as NodeJS.ErrnoException).code ?? "") ? null : "garbage";
	}
	try {
		return v.parse(holderSchema, JSON.parse(text));
	} catch {
		return "garbage";
	}
}

/** Leaves this process's note. `replace`: in place of a dead one's. False when somebody else's is there. */
export function writeHolder(folder: string, holder: Holder, replace: boolean): boolean {
	const path = notePath(folder);
	const ready = `${path}.${process.pid}-${randomBytes(4).toString("hex")}`;
	try {
		// Filled before it gets its name, so that nobody ever sees half a note.
		writeFileSync(ready, JSON.stringify(holder), { flag: "wx" });
		if (replace) renameSync(ready, path);
		else linkSync(ready, path);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
		throw error;
	} finally {
		rmSync(ready, { force: true });
	}
}

/** Takes the note away. */
export function removeHolder(folder: string): void {
	rmSync(notePath(folder), { force: true });
}

/** Path of the note in a folder. */
export function notePath(folder: string): string {
	return join(folder, "holder.json");
}

/** File systems on which another machine may write too (linux/magic.h): NFS, SMB, CIFS, 9p, FUSE, Ceph, AFS, Lustre. */
const SHARED = new Set([
	0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x65735546, 0x00c36400, 0x5346414f, 0x0bd00bd0,
]);

function isLocal(folder: string): boolean {
	return !SHARED.has(statfsSync(folder).type);
}

function hostId(): string {
	try {
		return `${hostname()} ${readFileSync("/etc/machine-id", "utf8").trim()}`;
	} catch {
		return hostname();
	}
}

function namespaceId(): string {
	try {
		return readlinkSync("/proc/self/ns/pid");
	} catch {
		return "";
	}
}
