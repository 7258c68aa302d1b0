// Draws the plots of the quality page; everything else on it is a page and forms.

import { drawPlots } from "./plot.js";

drawPlots();
