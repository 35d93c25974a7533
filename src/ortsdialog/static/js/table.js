// The table's page: first the mode of the device, then its outbox, then the hall.

import { begin as beginTablet } from "./tablet.js";
import { begin as beginCapture } from "./capture.js";
import { begin as beginHall } from "./hall.js";

beginHall();
await beginTablet();
await beginCapture();
