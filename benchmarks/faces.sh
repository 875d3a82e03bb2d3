#!/bin/sh
# The published model against rgflow-celeba64 on photographs of faces, on the same budget: trains both, judges them with
# `rgflow images evaluate`, and prints the table of docs/ablation.md.
#
#   benchmarks/faces.sh DATA OUT [STEPS] [COUNT]
#
# DATA is a folder or a zip of pictures. Runs, figures (JSON) and pictures stay in OUT; what is there already is not done
# again, so that a stopped comparison goes on where it was.
set -eu
if [ $# -lt 2 ] || [ $# -gt 4 ]; then
  echo "usage: $0 DATA OUT [STEPS] [COUNT]" >&2
  exit 2
fi
data=$1 out=$2 steps=${3:-2000} count=${4:-1000}
figures="dctFrechet dctPatchFrechet spectrumDistance pixelPrecision pixelRecall"
budget="--width 32 --batch-size 16 --steps $steps --set optimizer.learningRate=1e-3 --set optimizer.warmUp=100
  --set optimizer.averageDecay=0.995 --set run.sampleEvery=0 --set run.checkpointEvery=500 --set run.seed=1"
mkdir -p "$out"
# shellcheck source=benchmarks/training-rows.sh
. "$(dirname "$0")/training-rows.sh"

echo "| model | DCT Fréchet, single modes | with correlations | spectrum | precision | recall |"
echo "| --- | --- | --- | --- | --- | --- |"
preset=fddm-celeba64-p4
train published
row published "fddm-celeba64-p4"
preset=rgflow-celeba64
train beyond
row beyond "rgflow-celeba64"
