"""A text that was written with the help of a ready sentence."""

from django.http import QueryDict


def written(post: QueryDict, name: str) -> str:
    """Return what was typed in a box, with the sentence chosen beside it in front.

    The list beside the box works without scripts: what is chosen there counts as written.
    """
    text, phrase = post.get(name, "").strip(), post.get("phrase", "").strip()
    if not phrase or phrase in text:
        return text
    return f"{phrase}\n{text}" if text else phrase
