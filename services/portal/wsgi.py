"""What gunicorn serves: `gunicorn services.portal.wsgi:app`."""

from services.portal.app import create_app
from services.portal.settings import PortalSettings
from shared.db.engine import open_engine
from shared.process import begin

settings = begin("portal", PortalSettings)
app = create_app(settings, open_engine(settings.database_url))
