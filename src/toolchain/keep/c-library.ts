import { ask } from "../../host/process/program.ts";
import { nearer } from "../nearness.ts";

/**
 * Whether this machine's C library is at least as new as the one of package version `version` ("2.31-13+deb11u11"):
 * then programs that came with that one run with this machine's, and what they load of it fits.
 */
export function hostLibraryServes(version: string): boolean {
	const here = /^glibc (\d+\.\d+)/.exec(ask(["getconf", "GNU_LIBC_VERSION"])?.stdout ?? "")?.[1];
	const theirs = /^\d+\.\d+/.exec(version)?.[0];
	return here !== undefined && theirs !== undefined && nearer(null, here, theirs) <= 0;
}
