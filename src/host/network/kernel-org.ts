import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { clearsigned, sha256Of } from "../../kernel/source/checksums.ts";
import { findProgram } from "../process/program.ts";
import { attempt } from "../process/run.ts";
import { type DownloadOptions, download, downloadText } from "./download.ts";

/** Where kernel.org publishes; mirrors have the same folders below another address. */
export const KERNEL_ORG = "https://cdn.kernel.org/pub/linux/kernel";

/** Primary key of "Kernel.org checksum autosigner", which signs every sha256sums.asc there. */
const AUTOSIGNER = "B8868C80BA62A1FFFAF5FDA9632D3A06589DA6B1";

/** What is known of the origin of a download: by signature, by a checksum that nobody vouches for, or nothing. */
export type Trust = "signed" | "checksum";

/** Address of the tarball of a V.P.S; the first release of a series has no sublevel in its name. */
export function tarballUrl(version: string, mirror = KERNEL_ORG): string {
	const [major = "", minor = "", sublevel] = version.split(".");
	const folder = Number(major) < 3 ? `v${major}.${minor}` : `v${major}.x`;
	const name = Number(major) >= 3 && sublevel === "0" ? `linux-${major}.${minor}` : `linux-${version}`;
	return `${mirror.replace(/\/+$/, "")}/${folder}/${name}.tar.xz`;
}

/**
 * Fetches that tarball into `folder`, resumed when a part is there, and holds it against sha256sums.asc beside it;
 * the sums are held against their signature when gpg and the signer's key are here, with a warning when not. Throws
 * KprepError: not-published (no such version), download-failed, wrong-checksum, bad-signature.
 */
export async function fetchTarball(
	url: string,
	folder: string,
	options: DownloadOptions & { signer?: string },
): Promise<{ archive: string; trust: Trust }> {
	const { progress } = options;
	const slash = url.lastIndexOf("/");
	const name = url.slice(slash + 1);
	progress.step("checksums", `${url.slice(0, slash)}/sha256sums.asc`);
	const sums = await downloadText(`${url.slice(0, slash)}/sha256sums.asc`, options);
	if (sums === null) throw notPublished(url, "there is no sha256sums.asc in that folder");
	const { text, trust, warning } = await checkSignature(sums, options.signer ?? AUTOSIGNER, options);
	if (warning !== null) progress.warn(warning);
	const sha256 = sha256Of(name, text);
	if (sha256 === null) throw notPublished(url, `sha256sums.asc does not name ${name}`);
	progress.step("download", url);
	const archive = join(folder, name);
	await download(url, archive, { ...options, sha256 });
	return { archive, trust };
}

interface Checked {
	/** The text that is signed, and nothing around it. */
	text: string;
	trust: Trust;
	warning: string | null;
}

async function checkSignature(
	sums: string,
	signer: string,
	{ progress, signal }: DownloadOptions,
): Promise<Checked> {
	const text = clearsigned(sums) ?? sums;
	const unproven = (why: string): Checked => ({
		text,
		trust: "checksum",
		warning: `the signature of sha256sums.asc is not checked: ${why}`,
	});
	if (clearsigned(sums) === null) return unproven("it carries none");
	if (findProgram("gpg") === null) return unproven("gpg is not installed");
	const { stdout, stderr } = await attempt(["gpg", "--batch", "--no-tty", "--status-fd", "2", "--decrypt"], {
		input: sums,
		env: { LC_ALL: "C.UTF-8" },
		keep: 8 * 1024 * 1024,
		timeout: 60_000,
		progress,
		signal,
	});
	if (/^\[GNUPG:\] BADSIG /m.test(stderr)) {
		throw new KprepError("missing", "bad-signature", "sha256sums.asc was changed after it was signed", {
			expected: `a good signature of ${signer}`,
			found: /^\[GNUPG:\] (BADSIG .*)$/m.exec(stderr)?.[1] ?? "BADSIG",
			suggestions: ["run the same command again", "fetch from another mirror with --mirror URL"],
		});
	}
	// VALIDSIG names the key that signed first and its primary key last (gnupg doc/DETAILS).
	const words = /^\[GNUPG:\] VALIDSIG (.*)$/m.exec(stderr)?.[1]?.split(" ");
	if (words === undefined)
		return unproven("the key is not here; gpg --locate-keys autosigner@kernel.org brings it");
	if (words.at(-1) !== signer) return unproven(`${words.at(-1)} signed it, and not kernel.org's ${signer}`);
	return { text: stdout, trust: "signed", warning: null };
}

function notPublished(url: string, why: string): KprepError {
	return new KprepError("missing", "not-published", `${url} is not published: ${why}`, {
		where: url,
		suggestions: ["kprep source list", "another mirror with --mirror URL"],
	});
}
