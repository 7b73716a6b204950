#!/usr/bin/env bash
# Takes tensorboard.png: take_picture.sh FOLDER, the folder of a run that was
# logged for TensorBoard. Needs tensorboard and chromium on the PATH.
set -euo pipefail
folder=$1
out=$(cd "$(dirname "$0")" && pwd)/tensorboard.png
tensorboard --logdir "$folder" --port 6106 --load_fast=false >/dev/null 2>&1 &
server=$!
trap 'kill "$server"' EXIT
until curl -s localhost:6106/data/runs | grep -q tensorboard; do sleep 1; done
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars \
  --window-size=1400,1000 --virtual-time-budget=60000 \
  --screenshot="$out" "http://localhost:6106/?darkMode=false#timeseries"
