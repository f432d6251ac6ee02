/**
 * The pure core: what kprep knows of kernels, and the formats that it reads. Strings, bytes and values in, values out;
 * nothing of Node, so it runs in a browser as well.
 */

export { Btf } from "./formats/btf/btf.ts";
export { type LayoutMember, type StructLayout, structLayout } from "./formats/btf/btf-layout.ts";
export { type ByteSource, inMemory } from "./formats/bytes.ts";
export { type Elf, readElf } from "./formats/elf/elf.ts";
export { FormatError } from "./formats/error.ts";
export { type KernelImage, readKernel } from "./formats/image/kernel.ts";
export { type ModuleFile, readModule, withoutSignature } from "./formats/module/module.ts";
export { type ModuleSignature, readSignature } from "./formats/module/signature.ts";
export { decodeProfile, encodeProfile, type Profile } from "./formats/profile/profile.ts";
export { type Compiler, parseCompiler } from "./kernel/compiler.ts";
export { type Config, editConfig, isOn, parseConfig, stringOf } from "./kernel/config/config.ts";
export { compareConfigs, type Drift } from "./kernel/config/drift.ts";
export { type ExportsDifference, exportsDifference } from "./kernel/diff/exports.ts";
export { catalogue } from "./kernel/failures/catalogue.ts";
export type { Findings } from "./kernel/failures/diagnose.ts";
export type { Diagnosis, Entry } from "./kernel/failures/entry.ts";
export { LogReader } from "./kernel/failures/reading/log-reader.ts";
export { type EveryLayout, everyLayout } from "./kernel/layout/every-layout.ts";
export type { TargetKnowledge } from "./kernel/loader/knowledge.ts";
export { predict } from "./kernel/loader/predict.ts";
export type { Reason, Verdict } from "./kernel/loader/verdict.ts";
export { parseRelease, planRelease, type ReleasePlan } from "./kernel/release/release.ts";
export { compareSymvers, composeSymvers, parseSymvers, type Symvers } from "./kernel/symvers/symvers.ts";
export { compareVermagic, parseVermagic, type Vermagic } from "./kernel/vermagic/vermagic.ts";
