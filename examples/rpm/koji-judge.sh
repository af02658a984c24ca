#!/bin/sh
# Judges a finished build of Koji: judge.sh kernel-5.14.0-362.24.1.el9_3, in the dist-git checkout with kabi.yml. Run it where the
# build is gated, for instance before it gets a tag; its exit code is that of kabi-gate.
set -eu
build=$1
rm -rf kabi-rpms kabi-evidence
mkdir kabi-rpms kabi-evidence
(
  cd kabi-rpms
  koji download-build "$build"
  # Each package has the evidence of one variant in a folder of its name.
  for package in kernel-kabi-evidence-*.rpm; do
    rpm2cpio "$package" | cpio -idm --quiet
  done
)
cp -r kabi-rpms/usr/share/kabi-evidence/. kabi-evidence/
kabi-gate judge --config kabi.yml --evidence kabi-evidence --strategy prebuilt --output junit=kabi-junit.xml --output kabi-report.html
