import type { DiffDocument } from "./kernel/diff/document.ts";
import type { Explanation } from "./kernel/failures/document.ts";
import type { CheckDocument } from "./kernel/loader/verdict.ts";
import type { CacheReport } from "./report/cache.ts";
import type { Captured } from "./report/capture.ts";
import type { DoctorReport } from "./report/doctor.ts";
import type { MatrixDocument } from "./report/matrix/document.ts";
import type { InstallDocument, PackageDocument } from "./report/package.ts";
import type { SignDocument } from "./report/sign.ts";
import type { TreeStatus } from "./report/status.ts";
import type { ToolchainReport } from "./report/toolchain.ts";
import type { VerifyReport } from "./report/verify/verify-report.ts";
import type { TargetDocument } from "./target/document.ts";
import type { Undone } from "./tree/undo.ts";
import type { BuildDocument } from "./workflows/build/index.ts";
import type { CatalogueDocument, EntryAnswer } from "./workflows/explain/entry.ts";
import type { NewModule } from "./workflows/new/index.ts";
import type { Candidate } from "./workflows/source/candidate.ts";
import type { GotTree } from "./workflows/source/get.ts";
import type { SyncDocument } from "./workflows/sync/document.ts";
import type { TryReport } from "./workflows/try/index.ts";

/** What --json prints when a command fails. */
export interface ErrorDocument {
	error: {
		/** Kebab-case word for scripts. */
		code: string;
		message: string;
		/** What to type or do next, most useful first. */
		suggestions: string[];
		expected?: string;
		found?: string;
		where?: string;
	};
}

/**
 * What `--json` of each command prints. The JSON Schemas of the package (schemas/COMMAND.schema.json) are made from these
 * types, and every document that a test sees is held against them.
 */
export interface Documents {
	autocomplete: { shell: string; script: string };
	build: Pick<BuildDocument, "modules"> & Partial<Pick<BuildDocument, "installed">>;
	"cache list": CacheReport;
	"cache path": { path: string };
	"cache prune": CacheReport;
	capture: Captured | { script: string };
	check: CheckDocument;
	diff: DiffDocument;
	doctor: DoctorReport;
	explain: Explanation | CatalogueDocument | EntryAnswer;
	matrix: MatrixDocument;
	new: NewModule;
	package: PackageDocument | InstallDocument;
	sign: SignDocument;
	"source get": GotTree | { tree: null; candidates: Candidate[] };
	"source list": { candidates: Candidate[] };
	status: TreeStatus;
	sync: SyncDocument;
	target: TargetDocument & { extracted?: string[] };
	"toolchain get": ToolchainReport;
	"toolchain list": ToolchainReport;
	"toolchain path": ToolchainReport;
	try: TryReport;
	undo: Undone;
	verify: VerifyReport;
	/** Of any command. */
	error: ErrorDocument;
}
