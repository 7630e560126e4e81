"""The bundle: the handbook, or a part of it, as one file in which each entry is folded."""

from collections.abc import Iterator

import msgspec
from markupsafe import Markup

from starbook import urls
from starbook.pages import print_page, views
from starbook.pages.context import PageContext, TopicIndex
from starbook.pages.guides import to_ask_audiences
from starbook.pages.interviews import interview_page
from starbook.pages.lists import group_questions
from starbook.pages.practice import practice_page
from starbook.pages.story import story_text

# The place of the interviews, as `views.PLACEHOLDER` is that of the stories.
INTERVIEWS = Markup("\0\0")


def bundle_page(
    context: PageContext, inlined: views.Inlined, *, with_plans: bool, locked: bool
) -> views.BundlePage:
    """Return the page, with placeholders for its stories, and for the interviews if it has any."""
    return views.BundlePage(
        **context.page(urls.BUNDLE, context.title, (context.title, "")),
        inlined=inlined,
        locked=locked,
        story_count=len(context.data.story_ids),
        stories=views.PLACEHOLDER if context.data.story_ids else Markup(),
        question_count=len(context.data.question_ids),
        questions=tuple(_question_groups(context)),
        topics=tuple(
            views.BundledTopics(
                topics.plural, context.topics_title(topics), tuple(_topics(context, topics))
            )
            for topics in context.topic_indexes.values()
            if topics.by_id
        ),
        interviews=INTERVIEWS if with_plans else Markup(),
        audiences=to_ask_audiences(context),
        guides=tuple(print_page.printed_guides(context)),
    )


def bundled_practice(
    context: PageContext, inlined: views.Inlined, *, locked: bool
) -> views.BundledPractice:
    """Return the practice page of the bundle."""
    page = msgspec.structs.asdict(practice_page(context)) | {"locked": locked}
    return views.BundledPractice(**page, inlined=inlined)


def bundled_story(context: PageContext, ident: str) -> views.BundledStory:
    """Return a story of the bundle."""
    story = context.data.story(ident)
    return views.BundledStory(story_text(context, story, urls.story(ident)), story.cue, story.tags)


def bundled_interview(context: PageContext, ident: str) -> views.BundledInterview:
    """Return an interview of the bundle, with its plan."""
    return views.BundledInterview(interview_page(context, ident))


def _question_groups(context: PageContext) -> Iterator[views.BundledQuestions]:
    for name, _, questions in group_questions(context):
        listed = []
        for question in questions:
            told = context.stories_to_tell(question.id)
            ties = tuple(context.story_cross_link(link, urls.BUNDLE) for link in told)
            printed = print_page.printed_question(context, question)
            listed.append(views.BundledQuestion(printed, ties))
        yield views.BundledQuestions(name, tuple(listed))


def _topics(context: PageContext, topics: TopicIndex) -> Iterator[views.BundledTopic]:
    for topic in topics:
        stories = [place.story for place in topics.stories(topic.id)]
        questions = map(context.data.question, topics.questions(topic.id))
        yield views.BundledTopic(
            id=f"{topics.plural}/{topic.id}",
            topic=topic,
            stories=tuple(context.story_link(ident, urls.BUNDLE) for ident in stories),
            questions=tuple(views.Anchor(urls.question(one.id), one.question) for one in questions),
        )
