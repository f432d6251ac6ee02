import { homedir } from "node:os";
import { join } from "node:path";

/** Folder for what can be fetched again: package lists, downloads. Not made by this. */
export function cacheFolder(): string {
	return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "kprep");
}
