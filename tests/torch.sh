#!/bin/sh
# Installs torch for the CPU and what openai-whisper needs beside it, for the tests and for `make ears`.
# Everything that serves CUDA only (triton, gigabytes of NVIDIA packages) stays out: where no CPU build of torch exists, torch stays out too,
# the tests of openai-whisper are skipped, and the ears hear through CTranslate2, as they do after `make run`.
python="$1"
"$python" -c 'import torch, numba' 2>/dev/null && exit 0
pip="$python -m pip --disable-pip-version-check install -q --only-binary :all: -c constraints.txt"
case "$(uname)" in
  Linux) torch=torch==2.13.0+cpu ;;
  *) torch=torch==2.13.0; sed '/^torch==/d' constraints.txt > "${TMPDIR:-/tmp}/constraints-$$.txt"; pip="$(echo "$pip" | sed "s#constraints.txt#${TMPDIR:-/tmp}/constraints-$$.txt#")" ;;
esac
if $pip "$torch" 2>/dev/null || $pip "$torch" --extra-index-url https://download.pytorch.org/whl/cpu 2>/dev/null; then
  $pip numba more-itertools tiktoken tqdm
else
  echo "There is no CPU build of torch for this Python here: tests of openai-whisper are skipped. Hearing works without it." >&2
fi
