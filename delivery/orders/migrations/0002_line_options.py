from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0001_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="line",
            name="options",
            field=models.JSONField(
                blank=True, db_default=models.Value([], output_field=models.JSONField()), default=list
            ),
        ),
    ]
