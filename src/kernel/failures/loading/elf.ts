import type { Entry } from "../entry.ts";
import { refused, reported } from "../place.ts";
import { decompresses, vmallocTotal } from "../probes/loading.ts";
import { says } from "../reading/pattern.ts";

/** What reached the kernel is no module that it can take in: format, compression, memory. */
export const elfEntries: Entry[] = [
	{
		id: "module-decompress-failed",
		title: "The kernel cannot decompress the module",
		place: refused(5),
		cause:
			"The kernel's own decompressor gave up on the compressed {module|module}: it was compressed with settings that the kernel does not support, or is damaged.",
		remedy:
			"Compress it again with settings that the kernel knows (xz --check=crc32 --lzma2=dict=1MiB; zstd without --ultra or --long), or install it uncompressed; then run depmod.",
		commands: [
			"xz -lvv {file|FILE.ko.xz}",
			"cat /sys/module/compression",
			"xz -d {file|FILE.ko.xz} && sudo depmod",
		],
		causes: ["xz: a check other than crc32 or a dictionary above 1 MiB", "zstd: a window above 8 MiB"],
		check: "CONFIG_MODULE_DECOMPRESS, CONFIG_MODULE_COMPRESS_*; xz -lvv",
		origin: "kernel/module/decompress.c, 5.17 and later",
		confirm: decompresses,
		patterns: [
			{
				needles: ["decompression"],
				match: /(?:ZSTD-)?decompression (?:failed|initialization failed) with status -?\d{1,9}/,
			},
			says("failed to initialize decompressor:"),
			// busybox's modprobe and insmod unpack gzip, and some builds of it xz; the rest they hand to the kernel as it is.
			{
				needles: ["n't load module", "n't insert '"],
				match:
					/can't (?:load module '?(?<module>[\w.+-]{1,64})'? \('?|insert '?)(?<file>\S{1,250}\.ko\.(?:zst|xz|lzma))'?\)?: (?:invalid module format|Exec format error|Invalid argument)/i,
				place: reported(11),
			},
			{
				needles: ["compressed module", "ZSTD"],
				match:
					/not an? (?:gzip|xz|zstd) compressed module|ZSTD-compressed data has|Can't initialize ZSTD stream/,
			},
		],
		returns: ["EINVAL", "ENOEXEC"],
	},
	{
		id: "elf-header-invalid",
		title: "What was given to the kernel is no usable module file",
		place: refused(97),
		cause:
			"The kernel got something that is not a whole ELF object from {file|the file}: still compressed, truncated, or for another machine.",
		remedy:
			"Look at it with file(1). Decompress it (xz -d, zstd -d), or load it with a kmod that knows the compression; copy it again when it is empty or truncated. One that was linked by hand has to be built through kbuild of a tree that kprep sync made ready: with its flags and its module.lds.",
		commands: ["file {file|x.ko}", "ls -l {file|x.ko}"],
		causes: [
			"busybox, an initramfs or another simple loader that does not decompress .ko.xz or .ko.zst",
			"kmod built without that compression",
			"an incomplete copy, or a text file or LFS pointer in its place",
		],
		check: "file x.ko says ELF 64-bit LSB relocatable, for this machine",
		origin: "kernel/module/main.c (elf_validity_check), wordings since 5.14; ENOEXEC without a word before",
		patterns: [
			{
				needles: ["nvalid ELF"],
				match:
					/Invalid ELF header (?:magic|len|type)|Module has invalid ELF (?:structures|header)|[Mm]odule has invalid ELF/,
			},
			{ needles: ["rchitecture in ELF header"], match: /Invalid (?:module )?architecture in ELF header/ },
			says("Invalid ELF section"),
			// busybox (archival/libarchive/open_transformer.c), when it meets what it cannot decompress.
			{
				needles: [" magic"],
				match:
					/(?:insmod|modprobe|depmod): (?:no gzip magic|(?:no|invalid) (?:gzip|bzip2|xz|zstd) magic|bad magic)/,
				place: reported(82),
			},
			{ needles: ["truncated"], match: /[Mm]odule len \d{1,20} truncated/ },
			{
				needles: ["ELF Spec violation", "empty section name table"],
				match: /ELF Spec violation:|empty section name table/,
			},
			{
				needles: ["No module found in object", "(stripped?)"],
				match:
					/(?:(?<module>[\w.+-]{1,64}): )?(?:No module found in object|module has no symbols \(stripped\?\))/,
			},
			{
				needles: ["must exist"],
				match:
					/Only one \.modinfo section must exist|Exactly one \.gnu\.linkonce\.this_module section must exist/,
			},
			{
				needles: ["libkmod"],
				match:
					/libkmod.{0,200}(?:load_(?:xz|zstd|zlib)|elf).{0,100}(?:corrupt|not supported|format not recognized|invalid)/i,
				place: reported(82),
			},
			{
				needles: ["not a valid ELF", "wrong ELF class", "not an ELF", "not an valid ELF", "not a ELF"],
				match:
					/(?:insmod|modprobe|modinfo|kmod|depmod).{0,200}(?:not an? (?:valid )?ELF|wrong ELF class|is not an ELF)/i,
				place: reported(82),
			},
		],
		event: (event) =>
			event.kind === "refusal" &&
			event.errno === "ENOEXEC" &&
			/\.ko\.(?:xz|zst|gz|bz2)/.test(event.file ?? "") &&
			/busybox|init_module:|can't (?:insert|load)/.test(event.words)
				? { details: { file: [event.file ?? ""] }, place: reported(83), certainty: "likely" }
				: null,
		returns: ["ENOEXEC"],
	},
	{
		id: "module-area-exhausted",
		title: "No room for the module in the kernel's address range",
		place: refused(60),
		cause: "The kernel found no memory in its module (vmalloc) area for {module|the module}.",
		remedy:
			"Make the module smaller (strip --strip-debug), give a larger vmalloc= on the kernel command line (32-bit), enable module PLTs (ARM), or build it into the kernel.",
		commands: ["strip --strip-debug {ko}", "sudo tail /proc/vmallocinfo", "free -m"],
		check: "size x.ko; /proc/vmallocinfo; is it a 32-bit kernel?",
		origin: "mm/vmalloc.c (alloc_vmap_area), kernel/module (percpu_modalloc)",
		confirm: vmallocTotal,
		patterns: [
			{ needles: ["vmap allocation for size"], match: /vmap allocation for size \d{1,20} failed/ },
			{
				needles: ["vmalloc"],
				match:
					/(?:(?<tool>insmod|modprobe|kmod|systemd-udevd)[^:]{0,40}: )?vmalloc(?: error| size \d{1,20})?: (?:allocation failure|size \d{1,20}, (?:page order|vm_struct|failed))/,
			},
			{
				needles: ["percpu data"],
				match: /(?<module>[\w.+-]{1,64}): [Cc]ould not allocate \d{1,20} bytes percpu data/,
			},
			says("Out of vmalloc space"),
			{
				needles: ["xecmem", "module_alloc"],
				match: /execmem: unable to allocate memory|module_alloc(?:ation)?.{0,60}(?:failed|failure)/,
			},
		],
		event: (event) =>
			event.kind === "refusal" && event.errno === "ENOMEM"
				? {
						details: event.module === null ? {} : { module: [event.module] },
						place: reported(60),
						certainty: "possible",
					}
				: null,
		returns: ["ENOMEM"],
	},
];
