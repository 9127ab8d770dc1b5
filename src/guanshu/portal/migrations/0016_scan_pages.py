from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0015_walls")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="scan_pages",
            field=models.CharField(default="all", max_length=8),
        ),
    ]
