"""After a restore what stands, and whom to dial meanwhile, is the first thing on the desk."""

from __future__ import annotations

import re
from pathlib import Path

from tests.stories.harness import story
from tests.stories.test_put_back import put_back
from tests.web.conftest import web_of
from tests.web.test_pages import signed_in


async def test_the_desk_says_at_its_top_who_is_to_be_dialled_until_they_are_called_anew(
    tmp_path: Path,
) -> None:
    phones = await put_back(tmp_path)
    async with story(tmp_path, phones=phones) as town, web_of(town) as web:
        await signed_in(web)
        text = (await web.http.get("/")).text
        bar = next(p for p in re.findall(r"<p .*?</p>", text) if "数据由备份恢复" in p)
        assert "石桥站" in bar
        assert re.search(r'须人工拨打 7 人 <a class="button" href="/hand-dial">', text)
        assert text.index("数据由备份恢复") < text.index("<article")
        card = text[text.index("<article") : text.index("</article>")]
        assert "备份恢复后还没有重新叫应" in card and "13800000025" in card
        assert "待重新叫应" in card
        assert "13800000025" in (await web.http.get("/hand-dial")).text
        await town.waits(minutes=5)
        town.told()
        text = (await web.http.get("/")).text
        assert "数据由备份恢复" not in text and "待应答" in text
