// No page uses a script of MoJ Frontend; one that does begins it here.
import { initAll } from "govuk-frontend";

initAll();
