#!/bin/sh
export AWS_ACCESS_KEY_ID=AKIAI6IYLJTOPMKMY6F2
export AWS_SECRET_ACCESS_KEY=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
curl -H "Authorization: Bearer ghp_RacPDCLSXhkIFXI5cVqushl8IlC7Be6WsT9C" https://api.github.com/user
docker login -u ci --password=Kestrel-BmoEeE registry.internal
