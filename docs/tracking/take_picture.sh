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
tags='epoch%2Ff1%24%7Cepoch%2Floss%7Cstep%2Floss%7Csamples%2F01'
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars \
  --window-size=1500,1000 --virtual-time-budget=200000 \
  --screenshot="$out" "http://localhost:6106/?darkMode=false#timeseries&tagFilter=$tags"
