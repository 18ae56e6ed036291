"""The newest revision of each article is its working copy."""

from django.db import migrations, models


def number_the_working_copies(apps, schema_editor):
    revisions = apps.get_model("articles", "Revision").objects
    newest = (
        revisions.filter(article=models.OuterRef("pk")).order_by("-number").values("number")[:1]
    )
    articles = apps.get_model("articles", "Article").objects
    articles.update(working_number=models.Subquery(newest))


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_the_desks_law")]

    # Of its own: PostgreSQL makes no index in the transaction that changed the rows.
    operations = [migrations.RunPython(number_the_working_copies, migrations.RunPython.noop)]
