from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0017_official_files")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="scan_pages",
            field=models.CharField(default="all", max_length=8),
        ),
    ]
