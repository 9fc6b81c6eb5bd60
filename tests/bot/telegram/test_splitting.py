"""Nothing is lost and no tag left open, whatever the text."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.splitting import length, parts

words = st.text("ab <&\n🚀é", max_size=400).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))
tagged = st.tuples(st.sampled_from(["b", "i", "pre", "code"]), words).map(
    lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"
)
messages = st.lists(words | tagged, max_size=12).map("".join)


def plain(html):
    return re.sub(r"<[^>]+>", "", html)


def is_balanced(html):
    stack = []
    for closing, name in re.findall(r"<(/?)(\w+)[^>]*>", html):
        if not closing:
            stack.append(name)
        elif not stack or stack.pop() != name:
            return False
    return not stack


@settings(max_examples=300, deadline=None)
@given(messages)
def test_parts_fit_balance_and_lose_nothing(html):
    found = parts(html, 300)
    assert "".join(plain(each) for each in found) == plain(html)
    for each in found:
        assert length(each) <= 300
        assert is_balanced(each)
        assert not re.search(r"&[a-z]*$", each)


def test_a_short_message_is_left_as_it_is():
    assert parts("<b>hello</b>") == ["<b>hello</b>"]
