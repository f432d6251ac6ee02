# load.sh modprobe|insmod|none reload|'' RELEASE FOLDER {SHA256 FILE}...: checks files, then loads them. POSIX sh. What it
# did stands last on stdout as "kprep: STATE"; above it what went wrong.
exec 2>&1
how=$1 reload=$2 release=$3
cd "$4" || { echo "kprep: failed"; exit 1; }
shift 4
names=
while [ $# -gt 0 ]; do
	sum=$(sha256sum "$2") && [ "${sum%% *}" = "$1" ] || { echo "$2 is not what was sent"; echo "kprep: damaged"; exit 1; }
	names="$names $2"
	shift 2
done
case $PWD in */lib/modules/*) depmod "$release" || { echo "kprep: failed"; exit 1; } ;; esac
[ "$how" = none ] && { echo "kprep: placed"; exit 0; }
state=loaded
for file in $names; do
	name=$(echo "${file%%.ko*}" | tr - _)
	if [ -d "/sys/module/$name" ]; then
		there=$(cat "/sys/module/$name/srcversion" 2>/dev/null)
		if [ "$reload" = reload ]; then
			rmmod "$name" || { echo "kprep: busy"; exit 1; }
		elif [ -n "$there" ] && [ "$there" = "$(modinfo -F srcversion "./$file")" ]; then
			continue
		else
			echo "another $name is loaded; kprep_reload=true takes it out first"
			echo "kprep: old one runs"
			exit 1
		fi
	fi
	case $how in
		insmod) insmod "./$file" ;;
		*) modprobe "$name" ;;
	esac || {
		# The kernel's own words, for kprep explain.
		dmesg | tail -n 30
		state=refused
		break
	}
done
echo "kprep: $state"
[ "$state" = loaded ]
