"""Each signer that is used equals the providers' own published answers.

Not built: ACS3 (Aliyun's RPC style suffices), Tencent v1 (older than TC3), DingTalk and Feishu
robots (no such channel).
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.providers.signatures import aliyun_rpc, aliyun_rpc_string, canonical_query, tencent_tc3


@pytest.fixture(scope="module")
def answers(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "notify" / "signatures" / "known_answers.json").read_text("utf-8")
    return {answer["id"]: answer for answer in json.loads(text)}


@pytest.mark.parametrize("name", ["aliyun-rpc-sendsms-doc", "aliyun-rpc-sdk-util"])
def test_aliyun_rpc_signs_as_published(answers: dict[str, Any], name: str) -> None:
    case = answers[name]
    assert aliyun_rpc(case["method"], case["params"], case["secret"]) == case["signature"]


@pytest.mark.parametrize("name", ["aliyun-rpc-sendsms-doc", "aliyun-rpc-sts-go"])
def test_aliyun_escapes_twice(answers: dict[str, Any], name: str) -> None:
    case = answers[name]
    assert aliyun_rpc_string("GET", case["params"]) == case["string_to_sign"]


def test_a_query_is_escaped_as_rfc_3986_says(answers: dict[str, Any]) -> None:
    case = answers["aliyun-canonical-query"]
    assert canonical_query(case["params"]) == case["canonical_query"]


@pytest.mark.parametrize("name", ["tencent-tc3-doc-2019", "tencent-tc3-doc-2024"])
def test_tencent_tc3_signs_as_published(answers: dict[str, Any], name: str) -> None:
    case = answers[name]
    lines = case["canonical_request"].split("\n\n")[1].splitlines()
    headers = dict(line.split(":", 1) for line in lines)
    payload = case["payload"].encode()
    assert hashlib.sha256(payload).hexdigest() in case["canonical_request"]
    authorization = tencent_tc3(
        case["secret_id"],
        case["secret"],
        service=case["service"],
        at=datetime.fromtimestamp(case["timestamp"], UTC),
        headers=headers,
        payload=payload,
    )
    assert authorization.endswith(f"Signature={case['signature']}")
    assert f"SignedHeaders={case['signed_headers']}," in authorization
